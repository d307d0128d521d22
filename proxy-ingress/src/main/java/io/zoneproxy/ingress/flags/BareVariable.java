package io.zoneproxy.ingress.flags;

import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.TypeConversionException;

/** kuma-dp's variables that have no flag, and a use here. */
public enum BareVariable {
  /** PEM, instead of a file. */
  CA_CERT("KUMA_CONTROL_PLANE_CA_CERT", ""),
  /** Between two tries of the call for the bootstrap. */
  RETRY_BACKOFF("KUMA_CONTROL_PLANE_RETRY_BACKOFF", "3s"),
  /** How long it is tried. */
  RETRY_MAX_DURATION("KUMA_CONTROL_PLANE_RETRY_MAX_DURATION", "5m"),
  /** Whether listeners on IPv6 are of use. */
  IPV6_ENABLED("KUMA_DATAPLANE_RUNTIME_IPV6_ENABLED", "true"),
  /** The file of the system's CAs. */
  SYSTEM_CA_PATH("KUMA_DATAPLANE_RUNTIME_DYNAMIC_SYSTEM_CA_PATH", ""),
  /** Which form of xDS. */
  XDS_VARIANT("KUMA_DATAPLANE_RUNTIME_ENVOY_XDS_TRANSPORT_PROTOCOL_VARIANT", ""),
  /** KRIs as names. */
  UNIFIED_NAMING("KUMA_DATAPLANE_RUNTIME_UNIFIED_RESOURCE_NAMING_ENABLED", "false"),
  /** Identities from a SPIRE agent. */
  SPIRE_SUPPORTED("KUMA_DATAPLANE_RUNTIME_SPIRE_SUPPORTED", "false"),
  /** The agent's socket. */
  SPIRE_SOCKET_PATH("KUMA_DATAPLANE_RUNTIME_SPIRE_SOCKET_PATH", ""),
  /** Listeners with SO_REUSEPORT. */
  REUSE_PORT("KUMA_DATAPLANE_RUNTIME_REUSE_PORT_ENABLED", "true"),
  /** With the namespace the name of a proxy that has none; readiness on every address. */
  POD_NAME("POD_NAME", ""),
  /** With the Pod's name the name of a proxy that has none. */
  POD_NAMESPACE("POD_NAMESPACE", ""),
  /** Into the node's metadata. */
  HOST_IP("HOST_IP", "");

  /** The timers count milliseconds. */
  private static final Duration SHORTEST = Duration.ofMillis(1);

  private final String variable;
  private final String defaultValue;

  BareVariable(String variable, String defaultValue) {
    this.variable = variable;
    this.defaultValue = defaultValue;
  }

  /** As the environment has it. */
  public String variable() {
    return variable;
  }

  /** What counts when it is not set; "" = nothing. */
  public String defaultValue() {
    return defaultValue;
  }

  /** An empty text is as none. */
  String text(Map<String, String> environment) {
    return environment.getOrDefault(variable, defaultValue);
  }

  /** At least 1 ms; an empty one is a mistake. */
  Duration duration(Map<String, String> environment, Mistakes mistakes) {
    try {
      Duration value = new DurationConverter().convert(text(environment));
      mistakes.duration(variable, value, SHORTEST);
      return value;
    } catch (TypeConversionException e) {
      mistakes.add(variable + ": " + e.getMessage());
      return SHORTEST;
    }
  }

  /** An empty one is a mistake. */
  boolean isOn(Map<String, String> environment, Mistakes mistakes) {
    String text = text(environment);
    if (SwitchConverter.read(text).isEmpty()) {
      mistakes.add("%s=%s (expected: true or false)".formatted(variable, text));
    }
    return SwitchConverter.read(text).orElse(false);
  }
}
