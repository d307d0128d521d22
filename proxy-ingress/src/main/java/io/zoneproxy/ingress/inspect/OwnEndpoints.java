package io.zoneproxy.ingress.inspect;

import io.netty.util.NetUtil;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.runtime.OwnAddresses;
import io.zoneproxy.ingress.OwnProxy;
import io.zoneproxy.ingress.translate.ChainKey;
import io.zoneproxy.ingress.translate.RouteOwner;
import io.zoneproxy.ingress.translate.Translation;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds external services with an address, not a name, at which the proxy itself will listen: a
 * running one does not dial it.
 */
final class OwnEndpoints {
  private final OwnAddresses own = new OwnAddresses(List::of);

  /** Those of one process, as far as their own resources are known. */
  OwnEndpoints(List<OwnProxy> proxies) {
    for (OwnProxy proxy : proxies) {
      for (HostPort at : proxy.listensAt()) {
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(at.host());
        if (address != null) {
          own.add(new InetSocketAddress(address, at.port()));
        }
      }
    }
    // A process has one admin port, that of the first; --readiness-port is not known here.
    proxies.stream()
        .limit(1)
        .map(first -> new InetSocketAddress(InetAddress.getLoopbackAddress(), first.adminPort()))
        .forEach(own::add);
  }

  /** A warning for each service and address. */
  Set<Problem> among(Translation all) {
    Set<Problem> found = new LinkedHashSet<>(); // a service has several server names
    for (ListenerSpec listener : all.listeners()) {
      for (ChainSpec chain : listener.chains()) {
        RouteOwner owner = all.owners().get(ChainKey.of(listener, chain));
        if (owner != null && chain.tls().isPresent()) { // else it does not lead outside
          dialed(chain, all).filter(this::isOwn).forEach(to -> found.add(warning(owner, to)));
        }
      }
    }
    return found;
  }

  private static Stream<HostPort> dialed(ChainSpec chain, Translation all) {
    return chain.relaysTo().stream()
        .map(to -> all.clusters().get(to.cluster()))
        .filter(Objects::nonNull)
        .flatMap(cluster -> cluster.localities().stream())
        .flatMap(group -> group.endpoints().stream())
        .map(EndpointSpec::address)
        .filter(HostPort.class::isInstance)
        .map(HostPort.class::cast);
  }

  private static Problem warning(RouteOwner owner, HostPort to) {
    return Problem.warning(
        owner.source(),
        "",
        "%s: %s is not dialed: this proxy itself listens there (expected: another address)"
            .formatted(owner.name(), to));
  }

  private boolean isOwn(HostPort to) {
    InetAddress address = NetUtil.createInetAddressFromIpAddressString(to.host());
    return address != null && own.test(address, to.port());
  }
}
