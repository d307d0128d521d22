package io.zoneproxy.cp.capture;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.zoneproxy.cp.resource.ResourceType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Finds the resources in an Envoy's {@code /config_dump} ({@code envoy.admin.v3.ConfigDump}), in
 * both spellings of proto-JSON. What is active counts, else what warms: a dump may be taken in
 * between. What drains or was refused is left out.
 */
final class ConfigDump {
  private static final String VERSION = "version_info";

  private static final List<Section> SECTIONS =
      List.of(
          new Section(ResourceType.CLUSTER, "static_clusters", List.of("cluster")),
          new Section(ResourceType.CLUSTER, "dynamic_active_clusters", List.of("cluster")),
          new Section(ResourceType.CLUSTER, "dynamic_warming_clusters", List.of("cluster")),
          new Section(ResourceType.ENDPOINT, "static_endpoint_configs", List.of("endpoint_config")),
          new Section(
              ResourceType.ENDPOINT, "dynamic_endpoint_configs", List.of("endpoint_config")),
          new Section(ResourceType.LISTENER, "static_listeners", List.of("listener")),
          new Section(
              ResourceType.LISTENER, "dynamic_listeners", List.of("active_state", "listener")),
          new Section(
              ResourceType.LISTENER, "dynamic_listeners", List.of("warming_state", "listener")),
          new Section(ResourceType.SECRET, "static_secrets", List.of("secret")),
          new Section(ResourceType.SECRET, "dynamic_active_secrets", List.of("secret")),
          new Section(ResourceType.SECRET, "dynamic_warming_secrets", List.of("secret")));

  /** What a dump has besides, and what is not read: routes stand in their listeners. */
  private static final Set<String> UNREAD =
      Set.of("BootstrapConfigDump", "EcdsConfigDump", "RoutesConfigDump", "ScopedRoutesConfigDump");

  private static final String TYPE = "type.googleapis.com/envoy.admin.v3.";
  private static final Set<String> READ =
      Set.of(
          "ClustersConfigDump", "EndpointsConfigDump", "ListenersConfigDump", "SecretsConfigDump");

  private ConfigDump() {}

  /**
   * A list of a dump.
   *
   * @param steps from an element of the list to its resource
   */
  private record Section(ResourceType type, String list, List<String> steps) {
    boolean warms() {
      return list.contains("warming") || steps.contains("warming_state");
    }
  }

  /**
   * A resource as it stands in a dump.
   *
   * @param version "" when none is said
   */
  record Found(ResourceType type, String version, JsonElement resource) {}

  /**
   * All of them.
   *
   * @param configs the dump's list
   * @param odd is told what is no part of a dump: path, colon, what was expected
   */
  static List<Found> resources(JsonArray configs, Consumer<String> odd) {
    for (int i = 0; i < configs.size(); i++) {
      checkConfig("configs[" + i + "]", configs.get(i), odd);
    }
    List<Found> found = new ArrayList<>();
    Set<String> seen = new HashSet<>(); // sections of what is active come before those that warm
    for (Section section : SECTIONS) {
      for (JsonElement config : configs) {
        if (member(config, section.list()).orElse(null) instanceof JsonArray list) {
          list.forEach(each -> add(section, each, seen, found));
        }
      }
    }
    return found;
  }

  private static void checkConfig(String path, JsonElement config, Consumer<String> odd) {
    if (!config.isJsonObject()) {
      odd.accept(path + ": no object (expected: a part of a dump)");
      return;
    }
    String type = member(config, "@type").map(ConfigDump::text).orElse("");
    String name = type.startsWith(TYPE) ? type.substring(TYPE.length()) : type;
    if (!type.isEmpty() && !READ.contains(name) && !UNREAD.contains(name)) {
      odd.accept(path + ": " + type + " (expected: a part of a dump that is known here)");
    }
    Set<String> lists = new LinkedHashSet<>();
    SECTIONS.forEach(section -> lists.add(section.list()));
    for (String list : lists) {
      member(config, list).ifPresent(found -> checkList(path + "." + list, found, odd));
    }
  }

  private static void checkList(String path, JsonElement list, Consumer<String> odd) {
    if (!(list instanceof JsonArray entries)) {
      odd.accept(path + ": no list (expected: a list)");
      return;
    }
    for (int i = 0; i < entries.size(); i++) {
      if (!entries.get(i).isJsonObject()) {
        odd.accept("%s[%d]: no object (expected: an object with a resource)".formatted(path, i));
      }
    }
  }

  private static void add(Section section, JsonElement entry, Set<String> seen, List<Found> found) {
    Optional<JsonElement> at = Optional.of(entry);
    String version = "";
    for (String step : section.steps()) {
      version = at.flatMap(here -> member(here, VERSION)).map(ConfigDump::text).orElse(version);
      at = at.flatMap(here -> member(here, step));
    }
    if (at.isPresent()) {
      boolean first = seen.add(section.type() + "/" + Capture.name(at.get()));
      if (first || !section.warms()) {
        found.add(new Found(section.type(), version, at.get()));
      }
    }
  }

  private static String text(JsonElement json) {
    return json.isJsonPrimitive() ? json.getAsString() : "";
  }

  /** A member by its name in protobuf, or by that in JSON. */
  private static Optional<JsonElement> member(JsonElement json, String name) {
    if (!json.isJsonObject()) {
      return Optional.empty();
    }
    JsonObject object = json.getAsJsonObject();
    return Optional.ofNullable(object.has(name) ? object.get(name) : object.get(camel(name)));
  }

  private static String camel(String name) {
    StringBuilder camel = new StringBuilder();
    for (String word : name.split("_", -1)) {
      camel.append(
          camel.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return camel.toString();
  }
}
