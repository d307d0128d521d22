package io.zoneproxy.ingress.flags;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * kuma-dp's flags and variables that have no use here: taken, so that scripts carry over, and said
 * to be ignored. Their values are not looked at.
 */
public final class IgnoredOptions {
  private static final String ENVOY = "there is no Envoy";
  private static final String DNS = "a zone proxy answers no DNS";
  private static final String SIDECAR = "it is for sidecars";
  private static final String ROTATION = "rotate --log-output-path from outside";

  /**
   * One of them.
   *
   * @param flag "" when there is only a variable
   * @param variable "" when there is only a flag
   * @param isSwitch whether the flag may stand without a value
   * @param because why it has no use
   */
  public record Ignored(String flag, String variable, boolean isSwitch, String because) {
    private String line(String given) {
      return given + " is ignored: " + because;
    }
  }

  private static final List<Ignored> ALL =
      List.of(
          flag("--binary-path", "KUMA_DATAPLANE_RUNTIME_BINARY_PATH", ENVOY),
          flag("--envoy-log-level", "KUMA_DATAPLANE_RUNTIME_ENVOY_LOG_LEVEL", ENVOY),
          flag(
              "--envoy-component-log-level",
              "KUMA_DATAPLANE_RUNTIME_ENVOY_COMPONENT_LOG_LEVEL",
              ENVOY),
          toggle("--bind-outbounds", "KUMA_DATAPLANE_RUNTIME_BIND_OUTBOUNDS", SIDECAR),
          toggle("--transparent-proxy", "", SIDECAR),
          flag("--transparent-proxy-config", "", SIDECAR),
          toggle("--dns-enabled", "KUMA_DNS_ENABLED", DNS),
          flag("--dns-envoy-port", "KUMA_DNS_ENVOY_DNS_PORT", DNS),
          flag("--dns-coredns-port", "KUMA_DNS_CORE_DNS_PORT", DNS),
          flag("--dns-coredns-path", "KUMA_DNS_CORE_DNS_BINARY_PATH", DNS),
          flag("--dns-coredns-config-template-path", "KUMA_DNS_CORE_DNS_CONFIG_TEMPLATE_PATH", DNS),
          flag("--dns-server-config-dir", "KUMA_DNS_CONFIG_DIR", DNS),
          flag("--dns-prometheus-port", "KUMA_DNS_PROMETHEUS_PORT", DNS),
          toggle("--dns-enable-logging", "KUMA_DNS_ENABLE_LOGGING", DNS),
          flag("--log-max-size", "", ROTATION),
          flag("--log-max-retained-files", "", ROTATION),
          flag("--log-max-age", "", ROTATION),
          variable("KUMA_DNS_PROXY_PORT", DNS),
          variable("KUMA_APPLICATION_PROBE_PROXY_PORT", SIDECAR),
          variable("KUMA_DATAPLANE_RUNTIME_STRICT_INBOUND_PORTS_ENABLED", SIDECAR),
          variable(
              "KUMA_DATAPLANE_RUNTIME_OTEL_PIPE_ENABLED",
              "the control plane is never told that there is such a pipe"),
          variable("KUMA_DATAPLANE_RUNTIME_SOCKET_DIR", "sockets are in --work-dir"),
          variable(
              "KUMA_DATAPLANE_RUNTIME_DYNAMIC_CONFIGURATION_REFRESH_INTERVAL",
              "there is no Envoy between the configuration and the process"),
          variable("KUMA_DATAPLANE_RESOURCES_MAX_MEMORY_BYTES", "it is for gateways"),
          variable(
              "KUMA_DATAPLANE_RESILIENT_COMPONENT_BASE_BACKOFF",
              "there are no components to start again"),
          variable(
              "KUMA_DATAPLANE_RESILIENT_COMPONENT_MAX_BACKOFF",
              "there are no components to start again"),
          variable("KUMA_CONTROL_PLANE_API_SERVER_URL", "kuma-dp does not use it either"));

  private IgnoredOptions() {}

  private static Ignored flag(String flag, String variable, String because) {
    return new Ignored(flag, variable, false, because);
  }

  private static Ignored toggle(String flag, String variable, String because) {
    return new Ignored(flag, variable, true, because);
  }

  private static Ignored variable(String variable, String because) {
    return new Ignored("", variable, false, because);
  }

  /** All of them. */
  public static List<Ignored> all() {
    return ALL;
  }

  /** Makes a command take the flags; its help does not list them. */
  public static void addTo(CommandSpec command) {
    for (Ignored each : ALL) {
      if (!each.flag.isEmpty()) {
        command.addOption(
            OptionSpec.builder(each.flag)
                .type(List.class) // once or several times
                .auxiliaryTypes(String.class)
                .arity(each.isSwitch ? "0..1" : "1")
                .fallbackValue("")
                .paramLabel("VALUE")
                .hidden(true)
                .build());
      }
    }
  }

  /** One line for each that is given, the flag before the variable. */
  public static List<String> said(ParseResult given, Map<String, String> environment) {
    List<String> lines = new ArrayList<>();
    for (Ignored each : ALL) {
      if (!each.flag.isEmpty() && given.hasMatchedOption(each.flag)) {
        lines.add(each.line(each.flag));
      }
      if (!each.variable.isEmpty() && environment.containsKey(each.variable)) {
        lines.add(each.line(each.variable));
      }
    }
    return lines;
  }
}
