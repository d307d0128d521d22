package io.zoneproxy.cp.ads;

import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.netty.util.NetUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Why kuma-cp may keep a stream open and say nothing: it writes the reason to its own log only. */
final class Silence {
  private static final String READINESS_PORT = "dataplane.readinessReporter.port";
  private static final String ADMIN_PORT = "dataplane.admin.port";
  private static final String ADMIN_ADDRESS = "dataplane.admin.address";

  /** Others make kuma-cp fail. */
  private static final Set<String> ADMIN_ADDRESSES =
      Set.of("", "127.0.0.1", "0.0.0.0", "::1", "::");

  private final Node node;
  private final List<String> causes = new ArrayList<>();

  private Silence(Node node) {
    this.node = node;
  }

  /** What to check, with what is certain first. */
  static String explain(Node node, Protocol protocol) {
    Silence silence = new Silence(node);
    silence.ports();
    silence.advertised();
    silence.causes.add(
        protocol == Protocol.DELTA
            ? "a control plane before 2.11 never answers delta"
            : "a control plane from 3.0 on never answers SotW");
    return "the stream is open, but the control plane sends nothing. Likely causes: "
        + String.join("; ", silence.causes)
        + ". Its own log says which";
  }

  private String text(String key) {
    return node.getMetadata().getFieldsOrDefault(key, Value.getDefaultInstance()).getStringValue();
  }

  private static boolean none(String port) {
    return port.isEmpty() || port.equals("0");
  }

  private void ports() {
    if (!none(text(ADMIN_PORT)) && none(text(READINESS_PORT))) {
      causes.add(
          "the node has no readiness port (expected: %s, 1 to 65535, as text)"
              .formatted(READINESS_PORT));
    }
    String address = text(ADMIN_ADDRESS);
    if (!ADMIN_ADDRESSES.contains(address)) {
      causes.add(
          "the admin address is %s (expected: 127.0.0.1, ::1, 0.0.0.0 or ::)".formatted(address));
    }
  }

  private void advertised() {
    if (!text("dataplane.proxyType").equals("ingress")) {
      return;
    }
    String resource = text("dataplane.resource");
    String address = advertisedAddress(resource);
    if (resource.isEmpty()) {
      causes.add("the advertisedAddress of the ZoneIngress, which the control plane must resolve");
    } else if (!address.isEmpty() && NetUtil.createByteArrayFromIpAddressString(address) == null) {
      causes.add(
          "the control plane cannot resolve the advertisedAddress %s (expected: a name that it can,"
                  .formatted(address)
              + " or an IP address)");
    }
  }

  private static String advertisedAddress(String resource) {
    try {
      Object tree = new Load(LoadSettings.builder().build()).loadFromString(resource);
      return tree instanceof Map<?, ?> map && map.get("networking") instanceof Map<?, ?> networking
          ? Objects.toString(networking.get("advertisedAddress"), "")
          : "";
    } catch (YamlEngineException e) {
      return "";
    }
  }
}
