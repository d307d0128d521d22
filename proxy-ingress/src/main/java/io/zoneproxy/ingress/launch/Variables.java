package io.zoneproxy.ingress.launch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The environment variable of each flag: kuma-dp's own name for a flag of kuma-dp's, else {@code
 * ZONEPROXY_} and the flag.
 */
final class Variables {
  private static final String OWN_RESOURCE = "--dataplane-file";

  private static final Map<String, String> FLAGS = new LinkedHashMap<>();

  /** Flags whose empty variable counts as not set, as in kuma-dp; an empty number is an error. */
  private static final Set<String> TEXTS =
      Set.of(
          "--name",
          "--mesh",
          "--cp-address",
          "--ca-cert-file",
          "--dataplane-token-file",
          "--dataplane-token",
          "--dataplane-file",
          "--dataplane",
          "--work-dir",
          "--resources",
          "--zone",
          "--log-output-path");

  static {
    FLAGS.put("--proxy-type", "KUMA_DATAPLANE_PROXY_TYPE");
    FLAGS.put("--name", "KUMA_DATAPLANE_NAME");
    FLAGS.put("--mesh", "KUMA_DATAPLANE_MESH");
    FLAGS.put("--cp-address", "KUMA_CONTROL_PLANE_URL");
    FLAGS.put("--ca-cert-file", "KUMA_CONTROL_PLANE_CA_CERT_FILE");
    FLAGS.put("--dataplane-token-file", "KUMA_DATAPLANE_RUNTIME_TOKEN_PATH");
    FLAGS.put("--dataplane-token", "KUMA_DATAPLANE_RUNTIME_TOKEN");
    FLAGS.put(OWN_RESOURCE, "KUMA_DATAPLANE_RUNTIME_RESOURCE_PATH");
    FLAGS.put("--dataplane", "KUMA_DATAPLANE_RUNTIME_RESOURCE");
    FLAGS.put("--concurrency", "KUMA_DATAPLANE_RUNTIME_CONCURRENCY");
    FLAGS.put("--drain-time", "KUMA_DATAPLANE_DRAIN_TIME");
    FLAGS.put("--work-dir", "KUMA_DATAPLANE_RUNTIME_WORK_DIR");
    FLAGS.put("--readiness-port", "KUMA_READINESS_PORT");
    for (String flag :
        List.of(
            "--resources",
            "--zone",
            "--log-level",
            "--log-output-path",
            "--access-log",
            "--access-log-format",
            "--hello-timeout",
            "--connect-timeout",
            "--idle-timeout",
            "--half-close-timeout",
            "--max-connection-time",
            "--max-connections",
            "--max-connections-per-listener",
            "--removal-policy",
            "--drain-accept-idle")) {
      FLAGS.put(
          flag,
          "ZONEPROXY_" + flag.substring(2).replace('-', '_').toUpperCase(java.util.Locale.ROOT));
    }
  }

  private Variables() {}

  /** The own resource's files, as variable or else as flags. */
  static List<String> ownResources(Map<String, String> environment, List<String> flags) {
    String value = environment.getOrDefault(FLAGS.getOrDefault(OWN_RESOURCE, ""), "");
    return value.isEmpty() ? flags : List.of(value.split(",", -1));
  }

  /** Flag to variable, in the order of the documentation. */
  static Map<String, String> all() {
    return Map.copyOf(FLAGS);
  }

  /** The variables that are set, written as flags. */
  static List<String> asFlags(Map<String, String> environment) {
    List<String> flags = new ArrayList<>();
    FLAGS.forEach(
        (flag, variable) -> {
          String value = environment.get(variable);
          // A flag that may come twice would be added to, not overridden.
          if (!flag.equals(OWN_RESOURCE)
              && value != null
              && !(value.isEmpty() && TEXTS.contains(flag))) {
            flags.add(flag + "=" + value);
          }
        });
    return flags;
  }
}
