package io.zoneproxy.ingress.flags;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The environment variable of each flag of {@code run}: kuma-dp's own name for a flag of kuma-dp's,
 * else {@code ZONEPROXY_} and the flag. As in kuma-dp a variable that is set wins over its flag; an
 * empty text counts as not set, an empty number, duration or switch is an error.
 */
public final class Variables {
  private static final String OWN_RESOURCE = "--dataplane-file";
  private static final String TOKEN_FILE = "--dataplane-token-file";
  private static final String OWN_PREFIX = "ZONEPROXY_";
  private static final Pattern FLAG = Pattern.compile("--[a-z-]+");

  private static final Map<String, String> OF_KUMA_DP =
      Map.ofEntries(
          Map.entry("--proxy-type", "KUMA_DATAPLANE_PROXY_TYPE"),
          Map.entry("--name", "KUMA_DATAPLANE_NAME"),
          Map.entry("--mesh", "KUMA_DATAPLANE_MESH"),
          Map.entry("--cp-address", "KUMA_CONTROL_PLANE_URL"),
          Map.entry("--ca-cert-file", "KUMA_CONTROL_PLANE_CA_CERT_FILE"),
          Map.entry(TOKEN_FILE, "KUMA_DATAPLANE_RUNTIME_TOKEN_PATH"),
          Map.entry("--dataplane-token", "KUMA_DATAPLANE_RUNTIME_TOKEN"),
          Map.entry(OWN_RESOURCE, "KUMA_DATAPLANE_RUNTIME_RESOURCE_PATH"),
          Map.entry("--dataplane", "KUMA_DATAPLANE_RUNTIME_RESOURCE"),
          Map.entry("--concurrency", "KUMA_DATAPLANE_RUNTIME_CONCURRENCY"),
          Map.entry("--drain-time", "KUMA_DATAPLANE_DRAIN_TIME"),
          Map.entry("--skip-verify", "KUMA_CONTROL_PLANE_TLS_SKIP_VERIFY"),
          Map.entry("--config-dir", "KUMA_DATAPLANE_RUNTIME_CONFIG_DIR"),
          Map.entry("--metrics-cert-path", "KUMA_DATAPLANE_RUNTIME_METRICS_CERT_PATH"),
          Map.entry("--metrics-key-path", "KUMA_DATAPLANE_RUNTIME_METRICS_KEY_PATH"),
          Map.entry("--work-dir", "KUMA_DATAPLANE_RUNTIME_WORK_DIR"),
          Map.entry("--readiness-port", "KUMA_READINESS_PORT"));

  private static final List<String> TEXTS =
      List.of(
          "--proxy-type",
          "--name",
          "--mesh",
          "--cp-address",
          "--ca-cert-file",
          TOKEN_FILE,
          "--dataplane-token",
          OWN_RESOURCE,
          "--dataplane",
          "--work-dir",
          "--config-dir",
          "--metrics-cert-path",
          "--metrics-key-path",
          "--last-known-good-key-file",
          "--resources",
          "--zone",
          "--log-level",
          "--log-output-path",
          "--access-log",
          "--access-log-format",
          "--outbound-proxies",
          "--removal-policy");

  private static final List<String> NUMBERS =
      List.of(
          "--concurrency",
          "--readiness-port",
          "--max-connections",
          "--max-connections-per-listener",
          "--drain-time",
          "--drain-accept-idle",
          "--hello-timeout",
          "--connect-timeout",
          "--idle-timeout",
          "--half-close-timeout",
          "--max-connection-time",
          "--allow-link-local-upstreams",
          "--last-known-good-max-age",
          "--skip-verify");

  /** Flags that may come several times. */
  private static final Set<String> LISTS = Set.of(OWN_RESOURCE, TOKEN_FILE);

  private Variables() {}

  /** Flag to variable; {@code --dataplane-var} has none, as in kuma-dp. */
  public static Map<String, String> all() {
    Map<String, String> all = new LinkedHashMap<>();
    for (List<String> flags : List.of(TEXTS, NUMBERS)) {
      for (String flag : flags) {
        all.put(flag, name(flag));
      }
    }
    return Collections.unmodifiableMap(all);
  }

  /** The flags that are numbers, durations or switches: an empty variable of theirs is an error. */
  public static Set<String> numbers() {
    return Set.copyOf(NUMBERS);
  }

  private static String name(String flag) {
    String kuma = OF_KUMA_DP.get(flag);
    return kuma != null
        ? kuma
        : OWN_PREFIX + flag.substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /** The flags that may come several times: their variables separate by commas. */
  public static Set<String> lists() {
    return LISTS;
  }

  /** The variables that are set, written as flags; those of {@link #lists} are not among them. */
  public static List<String> asFlags(Map<String, String> environment) {
    List<String> flags = new ArrayList<>();
    all()
        .forEach(
            (flag, variable) -> {
              // A flag that may come twice would be added to, not overridden.
              if (!LISTS.contains(flag) && overrides(environment, flag)) {
                flags.add(flag + "=" + environment.getOrDefault(variable, ""));
              }
            });
    return flags;
  }

  /** The own resource's files: the variable's, separated by commas, or else the flags'. */
  public static List<String> files(Map<String, String> environment, List<String> flags) {
    return list(environment, OWN_RESOURCE, flags);
  }

  /** The tokens' files, in the same way. */
  static List<String> tokenFiles(Map<String, String> environment, List<String> flags) {
    return list(environment, TOKEN_FILE, flags);
  }

  private static List<String> list(
      Map<String, String> environment, String flag, List<String> flags) {
    String value = environment.getOrDefault(name(flag), "");
    return value.isEmpty() ? flags : List.of(value.split(",", -1));
  }

  /**
   * Names the variable behind a flag of a message, when the value came from there: whoever set it
   * looks for that name.
   *
   * @param message may have flags in it; the first one that a variable sets counts
   */
  public static String blame(Map<String, String> environment, String message) {
    Matcher flag = FLAG.matcher(message);
    while (flag.find()) {
      if (overrides(environment, flag.group())) {
        return message + " [set by " + name(flag.group()) + "]";
      }
    }
    return message;
  }

  /** Whether the variable of this flag is set, so that the flag does not count. */
  static boolean overrides(Map<String, String> environment, String flag) {
    String value = environment.get(name(flag));
    boolean text = TEXTS.contains(flag) || LISTS.contains(flag);
    return value != null && (text ? !value.isEmpty() : NUMBERS.contains(flag));
  }
}
