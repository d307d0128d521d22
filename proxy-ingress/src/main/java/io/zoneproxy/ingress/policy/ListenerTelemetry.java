package io.zoneproxy.ingress.policy;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.TcpOptions;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.http.HttpSpec;
import io.zoneproxy.core.model.http.TracingSpec;
import io.zoneproxy.core.model.log.AccessLogSpec;
import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.Dataplane.Listener.Role;
import io.zoneproxy.core.resource.Policy;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.policy.Treatment;
import io.zoneproxy.core.resource.policy.Treatment.Kind;
import io.zoneproxy.ingress.translate.Translation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What policies write down and trace of the traffic of a data plane's listener: a MeshAccessLog of
 * connections and requests, a MeshTrace of requests.
 */
public final class ListenerTelemetry {
  private final List<Problem> notices = new ArrayList<>();
  private final List<AccessLogSpec> logs;
  private final Optional<TracingSpec> tracing;
  private final Map<String, ClusterSpec> collectors;

  /** Relayed connections have one set of options, whatever their number. */
  private final Map<TcpOptions, TcpOptions> options = new HashMap<>();

  private ListenerTelemetry(
      Dataplane own, Dataplane.Listener listener, Resources resources, String zone) {
    Audience audience = Audience.of(own, listener, zone);
    String mesh = own.meta().mesh();
    String name = own.meta().name();
    KumaValues values = KumaValues.of(own, zone);
    CollectorClusters clusters = new CollectorClusters(resources, mesh, zone);
    ListenerPolicies policies = new ListenerPolicies(resources, mesh, audience);
    policies.all().forEach(policy -> tellMisspelt(policy, audience));
    logs = new LogRules(values, name, clusters, notices::add).of(meant(policies, Kind.ACCESS_LOG));
    tracing =
        listener.role() == Role.ZONE_EGRESS
            ? new TraceRule(
                    values,
                    name,
                    own.meta().labels().getOrDefault(OwnLabels.WORKLOAD, ""),
                    clusters,
                    notices::add)
                .of(meant(policies, Kind.TRACE))
            : Optional.empty();
    collectors = clusters.made();
  }

  /** A limit's are told where it is looked at. */
  private void tellMisspelt(Policy policy, Audience audience) {
    Treatment treatment = ListenerPolicies.treatment(policy);
    if (treatment.kind() == Kind.ACCESS_LOG || treatment.kind() == Kind.TRACE) {
      audience
          .misspelt(treatment.target())
          .ifPresent(
              what ->
                  notices.add(
                      Problem.warning(policy.meta().source(), "spec.targetRef.sectionName", what)));
    }
  }

  /** What comes first counts least. */
  private static List<Policy> meant(ListenerPolicies policies, Kind kind) {
    return policies.reaching().stream()
        .filter(policy -> ListenerPolicies.treatment(policy).kind() == kind)
        .toList();
  }

  /**
   * Adds it to each listener.
   *
   * @param own a data plane with zone-proxy listeners
   * @param zone the own one; "" when unknown
   * @param to what they serve; one that is left out there is not looked at
   * @return the same where no policy wants anything
   */
  public static Translation add(Dataplane own, Resources resources, String zone, Translation to) {
    Translation made = to;
    for (ListenerSpec each : to.listeners()) {
      for (Dataplane.Listener listener : own.listeners()) {
        if (isOf(listener, each.name())) {
          made = new ListenerTelemetry(own, listener, resources, zone).in(made, each.name());
        }
      }
    }
    return made;
  }

  /** By Kuma's names; where two have one address a number follows. */
  private static boolean isOf(Dataplane.Listener listener, String name) {
    String way = listener.role() == Role.ZONE_INGRESS ? "ingress" : "egress";
    String whole = "self_zone%s_dp_%s".formatted(way, listener.name());
    return name.equals(whole) || name.startsWith(whole + "#");
  }

  private Translation in(Translation from, String name) {
    boolean wanted = !logs.isEmpty() || tracing.isPresent();
    if (!wanted && notices.isEmpty()) {
      return from;
    }
    Map<String, ClusterSpec> clusters = new HashMap<>(from.clusters());
    List<ListenerSpec> listeners = new ArrayList<>();
    for (ListenerSpec each : from.listeners()) {
      boolean used = each.name().equals(name) && !each.chains().isEmpty();
      if (used) { // else there is nothing whose traffic it could be
        clusters.putAll(collectors);
      }
      listeners.add(used ? in(each) : each);
    }
    Set<Problem> said = new LinkedHashSet<>(from.notices());
    said.addAll(notices);
    return new Translation(from.role(), listeners, clusters, List.copyOf(said), from.owners());
  }

  private ListenerSpec in(ListenerSpec listener) {
    return listener.withChains(listener.chains().stream().map(this::in).toList());
  }

  private ChainSpec in(ChainSpec chain) {
    return chain.withTerminal(in(chain.terminal()));
  }

  private Terminal in(Terminal end) {
    if (end instanceof Terminal.TcpProxy relay && !logs.isEmpty()) {
      return new Terminal.TcpProxy(
          relay.to(), options.computeIfAbsent(relay.options(), this::logged));
    }
    return end instanceof Terminal.HttpProxy proxy ? new Terminal.HttpProxy(in(proxy.http())) : end;
  }

  /** One record when the upstream is connected, too: a connection may last for days. */
  private TcpOptions logged(TcpOptions from) {
    return new TcpOptions(from.idleTimeout(), from.hash(), logs, true);
  }

  private HttpSpec in(HttpSpec http) {
    return new HttpSpec(
        http.name(),
        http.timeouts(),
        http.filters(),
        http.routes(),
        http.internal(),
        logs,
        tracing);
  }
}
