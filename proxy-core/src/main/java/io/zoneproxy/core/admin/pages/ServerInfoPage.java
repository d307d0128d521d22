package io.zoneproxy.core.admin.pages;

import io.zoneproxy.core.admin.metric.ServerInfo;
import io.zoneproxy.core.observe.ProxyView;
import io.zoneproxy.core.text.JsonWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /server_info}: Envoy's message {@code admin.v3.ServerInfo}, every field of it. */
public final class ServerInfoPage {
  private static final String DISABLED = "disabled"; // the word for "no hot restart"

  /** Envoy's options with its defaults, in its order; what is known here takes their place. */
  private static final Map<String, Object> DEFAULTS = defaults();

  private ServerInfoPage() {}

  /** The page of this moment. */
  public static CharSequence json(ProxyView.State state, ServerInfo info) {
    String uptime = info.uptime().toSeconds() + "s";
    StringBuilder out = new StringBuilder();
    JsonWriter json = new JsonWriter(out).beginObject();
    json.name("version").value(info.version()).name("state").value(state.name());
    json.name("uptime_current_epoch").value(uptime).name("uptime_all_epochs").value(uptime);
    json.name("hot_restart_version").value(DISABLED);
    writeOptions(json.name("command_line_options"), info);
    json.name("node").raw(info.node().get()).endObject();
    return out;
  }

  private static void writeOptions(JsonWriter json, ServerInfo info) {
    Map<String, Object> options = new LinkedHashMap<>(DEFAULTS);
    options.put("concurrency", info.concurrency());
    options.putAll(info.options());
    json.beginObject();
    options.forEach((name, value) -> write(json.name(name), value));
    json.endObject();
  }

  private static void write(JsonWriter json, Object value) {
    if (value instanceof Number number) {
      json.value(number.longValue());
    } else if (value instanceof Boolean flag) {
      json.value(flag);
    } else if (value instanceof List) { // only the empty ones of the defaults
      json.beginArray().endArray();
    } else {
      json.value(value.toString());
    }
  }

  private static Map<String, Object> defaults() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("base_id", "0");
    all.put("concurrency", 1);
    texts(all, "config_path", "config_yaml");
    all.put("allow_unknown_static_fields", false);
    all.put("admin_address_path", "");
    all.put("local_address_ip_version", "v4");
    all.put("log_level", "info");
    texts(all, "component_log_level", "log_format", "log_path");
    texts(all, "service_cluster", "service_node", "service_zone");
    all.put("file_flush_interval", "10s");
    all.put("drain_time", "30s");
    all.put("parent_shutdown_time", "900s");
    all.put("mode", "Serve");
    all.put("disable_hot_restart", true);
    all.put("enable_mutex_tracing", false);
    all.put("restart_epoch", 0);
    all.put("cpuset_threads", false);
    all.put("reject_unknown_dynamic_fields", true); // unlike Envoy's default
    all.put("log_format_escaped", false);
    all.put("disabled_extensions", List.of());
    all.put("ignore_unknown_dynamic_fields", false);
    all.put("use_dynamic_base_id", false);
    all.put("base_id_path", "");
    all.put("drain_strategy", "Gradual");
    all.put("enable_fine_grain_logging", false);
    all.put("socket_path", "@envoy_domain_socket");
    all.put("socket_mode", 0);
    all.put("enable_core_dump", false);
    all.put("stats_tag", List.of());
    all.put("skip_hot_restart_on_no_parent", false);
    all.put("skip_hot_restart_parent_stats", false);
    all.put("skip_deprecated_logs", false);
    all.put("file_flush_min_size", 0);
    all.put("log_stacktrace_single_entry", false);
    return all;
  }

  private static void texts(Map<String, Object> all, String... names) {
    for (String name : names) {
      all.put(name, "");
    }
  }
}
