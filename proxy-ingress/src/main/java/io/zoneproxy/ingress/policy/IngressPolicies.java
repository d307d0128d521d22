package io.zoneproxy.ingress.policy;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.NetworkFilter;
import io.zoneproxy.core.model.TcpOptions;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.Dataplane.Listener.Role;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.policy.Settings;
import io.zoneproxy.core.resource.policy.Treatment.Kind;
import io.zoneproxy.ingress.translate.ServerNames;
import io.zoneproxy.ingress.translate.Translation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What policies say of a mesh's own way in. TLS goes through, so there are connections and no
 * requests: how many may begin, and how long one may be still. Everything else that a MeshTimeout
 * or a MeshRateLimit says does not reach it from a control plane either, the connect timeout too.
 */
public final class IngressPolicies {
  private final List<NamedRule> limits;
  private final List<NamedRule> timeouts;

  /** Server names that some rule has; the other chains have one treatment together. */
  private final Set<String> named;

  private final Map<String, Relayed> byName = new HashMap<>();

  private IngressPolicies(ListenerPolicies policies) {
    limits = policies.rules(Kind.RATE_LIMIT);
    timeouts = policies.rules(Kind.TIMEOUT);
    named =
        Stream.concat(limits.stream(), timeouts.stream())
            .flatMap(each -> each.rule().matches().stream())
            .flatMap(match -> match.serverName().stream())
            .map(ServerNames::lowerCase)
            .collect(Collectors.toSet());
  }

  /**
   * Has the relays of a listener do what the policies of its mesh say, and says which of these do
   * nothing there.
   *
   * @param listener of {@code own}
   * @param zone the own one
   * @param to what the listener serves
   * @return the same for one that leads out
   */
  public static Translation add(
      Dataplane own,
      Dataplane.Listener listener,
      Resources resources,
      String zone,
      Translation to) {
    if (listener.role() != Role.ZONE_INGRESS) {
      return to;
    }
    Audience audience = Audience.of(own, listener, zone);
    ListenerPolicies policies = new ListenerPolicies(resources, own.meta().mesh(), audience);
    List<Problem> notices = new ArrayList<>(to.notices());
    new IngressNotices(own, audience, notices::add).tell(policies);
    IngressPolicies treatment = new IngressPolicies(policies);
    return new Translation(
        to.role(),
        to.listeners().stream().map(treatment::treated).toList(),
        to.clusters(),
        notices,
        to.owners());
  }

  private ListenerSpec treated(ListenerSpec listener) {
    return listener.withChains(listener.chains().stream().map(this::treated).toList());
  }

  private ChainSpec treated(ChainSpec relay) {
    if (!(relay.terminal() instanceof Terminal.TcpProxy proxy)) {
      return relay;
    }
    String name = named.contains(relay.serverName()) ? relay.serverName() : "";
    Relayed how = byName.computeIfAbsent(name, this::relayed);
    return new ChainSpec(
        relay.name(),
        relay.serverName(),
        relay.transport(),
        relay.tls(),
        how.filters(),
        new Terminal.TcpProxy(proxy.to(), how.options()));
  }

  /**
   * @param serverName "" for one that no rule names
   */
  private Relayed relayed(String serverName) {
    List<Settings> layers = new ChainRules(timeouts, serverName).layers();
    Optional<Duration> idle =
        layers.isEmpty() ? Optional.empty() : layers.get(layers.size() - 1).time("idleTimeout");
    List<NetworkFilter> filters =
        RateLimits.connections(new ChainRules(limits, serverName).everybody()).stream()
            .<NetworkFilter>map(NetworkFilter.RateLimit::new)
            .toList();
    return new Relayed(
        filters,
        idle.isEmpty() ? TcpOptions.DEFAULT : new TcpOptions(idle, List.of(), List.of(), false));
  }

  /** What becomes of a relay: one object for all chains that are treated alike. */
  private record Relayed(List<NetworkFilter> filters, TcpOptions options) {}
}
