package io.zoneproxy.cp.bootstrap;

import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.cp.trust.Trust;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Looks at a request before it is sent. kuma-cp accepts most of what is wrong, and either refuses
 * the stream later or keeps silent; to the rest it answers with 500, with the token in its log.
 */
public final class BootstrapCheck {
  /** RFC 1123 subdomain, as Kuma has it for names. */
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  private static final Pattern MESH = Pattern.compile("[0-9a-z.\\-_]+");
  private static final int LONGEST_NAME = 253; // RFC 1123, and Kuma

  /** Kind of resource by type of proxy. */
  private static final Map<String, String> KINDS =
      Map.of(
          ProxyIdentity.DATAPLANE,
          "Dataplane",
          ProxyIdentity.INGRESS,
          "ZoneIngress",
          ProxyIdentity.EGRESS,
          "ZoneEgress");

  private static final String WORKLOAD = "kuma.io/workload";

  private final BootstrapRequest request;
  private final List<String> problems = new ArrayList<>();

  private BootstrapCheck(BootstrapRequest request) {
    this.request = request;
  }

  /** What is wrong, with what was expected; empty when nothing is. */
  public static List<String> problems(BootstrapRequest request) {
    BootstrapCheck check = new BootstrapCheck(request);
    check.names();
    check.environment();
    check.resource();
    return check.problems;
  }

  /** The workload that the resource says the proxy is of; "" when it says none. */
  public static String workload(ProxyIdentity proxy) {
    return parsed(proxy.resource()).get("labels") instanceof Map<?, ?> labels
        ? Objects.toString(labels.get(WORKLOAD), "")
        : "";
  }

  private void names() {
    ProxyIdentity proxy = request.proxy();
    if (!KINDS.containsKey(proxy.type())) {
      problems.add(
          "proxy type: %s (expected: dataplane, ingress or egress)".formatted(proxy.type()));
    }
    if (proxy.name().length() > LONGEST_NAME || !NAME.matcher(proxy.name()).matches()) {
      problems.add(
          "name: %s (expected: at most %d of a-z, 0-9, '-' and '.', a letter or digit beside each"
                  .formatted(proxy.name(), LONGEST_NAME)
              + " dot and at both ends)");
    }
    if (proxy.type().equals(ProxyIdentity.DATAPLANE)) {
      if (!MESH.matcher(proxy.mesh()).matches()) {
        problems.add(
            "mesh: %s (expected: one or more of a-z, 0-9, '-', '_' and '.')"
                .formatted(proxy.mesh()));
      }
    } else if (!proxy.mesh().isEmpty()) {
      problems.add("mesh: %s (expected: none for a zone %s)".formatted(proxy.mesh(), proxy.type()));
    }
  }

  private void environment() {
    int port = request.environment().readinessPort();
    if (port < 1 || port > HostPort.MAX_PORT) {
      problems.add(
          "readiness port: %d (expected: 1 to %d; without it the control plane sends nothing)"
              .formatted(port, HostPort.MAX_PORT));
    }
    if (!request.trustedCa().isEmpty()) {
      try {
        Trust.of(request.trustedCa());
      } catch (IOException e) {
        problems.add("CA of the control plane, --ca-cert-file: " + e.getMessage());
      }
    }
  }

  private void resource() {
    ProxyIdentity proxy = request.proxy();
    if (proxy.resource().isEmpty()) {
      return;
    }
    Map<?, ?> resource = parsed(proxy.resource());
    if (resource.isEmpty()) {
      problems.add("resource: not readable (expected: YAML or JSON, with type and name)");
      return;
    }
    differs(resource, "type", Objects.toString(KINDS.get(proxy.type()), ""));
    differs(resource, "name", proxy.name());
    differs(resource, "mesh", proxy.mesh());
  }

  private void differs(Map<?, ?> resource, String field, String expected) {
    String given = Objects.toString(resource.get(field), "");
    if (!given.equals(expected)) {
      problems.add(
          "resource: %s: %s (expected: %s)"
              .formatted(
                  field, given.isEmpty() ? "none" : given, expected.isEmpty() ? "none" : expected));
    }
  }

  private static Map<?, ?> parsed(String text) {
    try {
      Object tree = new Load(LoadSettings.builder().build()).loadFromString(text);
      return tree instanceof Map<?, ?> map ? map : Map.of();
    } catch (YamlEngineException e) {
      return Map.of();
    }
  }
}
