package io.zoneproxy.ingress.flags;

import io.zoneproxy.ingress.ProxyRole;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The roles of this program.
 *
 * @param program name of the jar
 * @param all those it has
 */
public record Roles(String program, List<ProxyRole> all) {
  /** As for kuma-dp. */
  public static final String DEFAULT_TYPE = "dataplane";

  private static final List<String> KNOWN = List.of("egress", "ingress", "dataplane");

  /** The roles that {@code --proxy-type} asks for, separated by commas, in its order. */
  public List<ProxyRole> of(String proxyTypes) {
    List<ProxyRole> roles = new ArrayList<>();
    for (String type : proxyTypes.split(",", -1)) {
      ProxyRole role = one(type.strip());
      if (roles.contains(role)) {
        throw new UsageException("--proxy-type=" + proxyTypes + ": " + type + " stands twice");
      }
      roles.add(role);
    }
    return roles;
  }

  private ProxyRole one(String type) {
    return all.stream()
        .filter(role -> role.proxyType().equals(type))
        .findFirst()
        .orElseThrow(() -> new UsageException(refusal(type)));
  }

  private String refusal(String type) {
    String expected = all.stream().map(ProxyRole::proxyType).collect(Collectors.joining(", "));
    if (KNOWN.contains(type)) {
      return "--proxy-type=%s: %s.jar has no %s role (expected: %s; %s.jar has it)"
          .formatted(type, program, type, expected, type);
    }
    return "--proxy-type=%s: unknown (expected: %s)".formatted(type, expected);
  }
}
