package io.zoneproxy.ingress.driven;

import io.netty.util.NetUtil;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.Resource;
import io.zoneproxy.core.resource.ZoneEgress;
import io.zoneproxy.core.resource.ZoneIngress;
import io.zoneproxy.ingress.controlplane.ManagedProxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether a configuration that was kept on disk has the addresses that the proxy's own resource
 * gives it now: who has changed the resource since finds nobody at the new ones.
 */
final class KeptAddress {
  private KeptAddress() {}

  /**
   * What is odd about it; empty when nothing is, or the control plane has the resource from
   * elsewhere.
   */
  static Optional<String> problem(ManagedProxy proxy, ProxySnapshot kept) {
    List<HostPort> wanted =
        AdvertisedAddress.resource(proxy).map(KeptAddress::of).orElse(List.of());
    List<HostPort> other = new ArrayList<>();
    for (ListenerSpec listener : kept.listeners()) {
      if (listener.address() instanceof HostPort at
          && listener.chains().stream().anyMatch(KeptAddress::isTraffic)
          && wanted.stream().noneMatch(one -> same(one, at))) {
        other.add(at);
      }
    }
    return wanted.isEmpty() || other.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "the last known good configuration listens at %s (expected: %s, as the own resource says"
                    .formatted(text(other), text(wanted))
                + " now); the former is served until the control plane answers");
  }

  private static List<HostPort> of(Resource resource) {
    if (resource instanceof ZoneEgress egress) {
      return List.of(egress.address());
    }
    if (resource instanceof ZoneIngress ingress) {
      return List.of(ingress.address());
    }
    return resource instanceof Dataplane dataplane
        ? dataplane.listeners().stream().map(Dataplane.Listener::address).toList()
        : List.of();
  }

  /** The proxy's own parts have chains without a server name, which do not relay. */
  private static boolean isTraffic(ChainSpec chain) {
    return chain.terminal() instanceof Terminal.TcpProxy || !chain.serverName().isEmpty();
  }

  /** A name is resolved by the control plane: then only the port can be compared. */
  private static boolean same(HostPort one, HostPort other) {
    byte[] host = NetUtil.createByteArrayFromIpAddressString(one.host());
    byte[] otherHost = NetUtil.createByteArrayFromIpAddressString(other.host());
    return one.port() == other.port()
        && (host == null || otherHost == null || Arrays.equals(host, otherHost));
  }

  private static String text(List<HostPort> addresses) {
    return addresses.stream().map(HostPort::toString).collect(Collectors.joining(", "));
  }
}
