package io.zoneproxy.core.upstream;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.zoneproxy.core.model.Address;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.Locality;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.core.model.Pipe;
import io.zoneproxy.core.model.balance.HealthCheck;
import io.zoneproxy.core.model.balance.OutlierDetection;
import io.zoneproxy.core.observe.ClusterStats;
import io.zoneproxy.core.observe.ClusterStatus;
import io.zoneproxy.core.observe.ClusterStatus.EndpointStatus;
import io.zoneproxy.core.observe.HealthFlag;
import io.zoneproxy.core.upstream.Endpoint.Detour;
import io.zoneproxy.core.upstream.health.EndpointHealth;
import io.zoneproxy.core.upstream.health.HealthChecks;
import io.zoneproxy.core.upstream.health.OutlierDetector;
import io.zoneproxy.core.upstream.tunnel.Tunnel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cluster at run time: an update changes its endpoints in place, so chains, counters and live
 * connections keep the one they have. Reading is for any thread; {@link #update} for one at a time.
 *
 * <p>Most clusters of a large mesh never see a connection, and there may be 100,000: what only a
 * connection needs is made for the first.
 */
public final class Cluster {
  private static final Logger log = LoggerFactory.getLogger(Cluster.class);

  // Fields, not objects of their own: there may be 100,000 of these.
  private static final AtomicIntegerFieldUpdater<Cluster> HEALTH_CHANGES =
      AtomicIntegerFieldUpdater.newUpdater(Cluster.class, "healthChanges");

  private final ClusterContext context;
  private final Picker any;
  private volatile @Nullable Map<Map<String, String>, Picker> subsets; // changed under this lock
  private volatile ClusterSpec spec;
  private volatile @Nullable List<Member> members; // null: not made yet
  private volatile @Nullable ClusterUse use; // null: no connection yet
  private volatile @Nullable HealthChecks checks; // null: never had any
  private volatile @Nullable Security security; // null: no chain leads here
  private volatile int healthChanges;
  private volatile boolean outside;
  private boolean unverified; // guarded by this

  /** Nobody's health is looked after before {@link #update}. */
  public Cluster(ClusterSpec spec, ClusterContext context) {
    this.context = context;
    this.spec = spec;
    this.any = new Picker(this, Map.of());
    if (context.proxies().isEmpty()) { // else it is known later which names are not ours to ask for
      expectNames(spec);
    }
  }

  /** Whose endpoints' health is never looked after. */
  public Cluster(ClusterSpec spec, NameTable names) {
    this(spec, new ClusterContext(names, null));
  }

  /** Its name. */
  public String name() {
    return spec.name();
  }

  /** The configuration in force. */
  public ClusterSpec spec() {
    return spec;
  }

  /** Limit for one attempt: its own, or the proxy's. */
  public Duration connectTimeout(Duration otherwise) {
    return spec.policy().connectTimeout().orElse(otherwise);
  }

  /** The chooser among the endpoints that carry these tags; one for each set of tags. */
  public Picker picker(Map<String, String> subset) {
    return subset.isEmpty() ? any : ofSubset(subset);
  }

  private synchronized Picker ofSubset(Map<String, String> subset) {
    Map<Map<String, String>, Picker> known = subsets;
    if (known == null) {
      known = new HashMap<>();
      subsets = known;
    }
    return known.computeIfAbsent(subset, tags -> new Picker(this, tags));
  }

  /** Whether there is any chooser of a subset: for most clusters there never is. */
  public boolean hasSubsets() {
    return subsets != null;
  }

  /** Forgets the choosers of other subsets: a live connection has chosen already. */
  public synchronized void retain(Set<Map<String, String>> wanted) {
    Map<Map<String, String>, Picker> known = subsets;
    if (known != null) {
      known.keySet().retainAll(wanted);
    }
  }

  /** What TLS is chosen by for one of its endpoints; empty when it is none of them any more. */
  public Map<String, String> tlsMatch(Endpoint endpoint) {
    for (Member member : members()) {
      if (member.endpoint() == endpoint) {
        return member.spec().tlsMatch();
      }
    }
    return Map.of();
  }

  /** Begins TLS towards endpoints. */
  @FunctionalInterface
  public interface Security {
    /**
     * What begins it, and fires {@link HealthChecks#SECURED} when it is established; empty =
     * nothing does.
     */
    Optional<Consumer<Channel>> towards(Endpoint endpoint);
  }

  /** How TLS is begun where that is asked for; health checks do as connections do. */
  public void secure(Security by) {
    security = by;
  }

  /**
   * It leads to an external service: from now on, the addresses of its endpoints are looked at, and
   * other proxies may be on the way.
   */
  public synchronized void leadsOutside() {
    if (!outside) {
      outside = true;
      List<Member> made = members;
      if (made != null) {
        made.forEach(member -> member.endpoint().guard(context.outside()));
        made.forEach(member -> member.endpoint().detour(detour(member.endpoint().address())));
        onHealthChanged(); // whoever has chosen by addresses looks again
      }
    }
  }

  /** Its TLS verifies nothing, or does so again; the first is said, and counted while it lasts. */
  public synchronized void unverified(boolean nothing) {
    if (nothing != unverified) {
      unverified = nothing;
      context.outside().stats().unverifiedTls.addAndGet(nothing ? 1 : -1);
      if (nothing) {
        log.warn("cluster {}: TLS verifies nothing, whoever answers is believed", name());
      }
    }
  }

  /** Its counters; made at the first use, for most clusters of a large mesh are never used. */
  public ClusterStats stats() {
    return use().stats();
  }

  /** Its limits. */
  public CircuitBreaker breaker() {
    return use().breaker();
  }

  /** Whether to dial an endpoint, if there are others: not while it is on trial by another dial. */
  boolean mayDial(Endpoint to) {
    EventLoop control = context.control();
    return control == null || OutlierDetector.mayDial(to.health(), control);
  }

  /** A connection to an endpoint was made. */
  public void connected(Endpoint to) {
    Optional<OutlierDetection> config = spec.policy().outliers();
    // Nothing is kept of endpoints that never failed, unless that was asked for.
    if (context.control() != null && (config.isPresent() || to.health().noted())) {
      use().detector().connected(config.orElse(OutlierDetection.OF_DIALS), to.health());
    }
  }

  /** A connection to an endpoint could not be made. */
  public void connectFailed(Endpoint to) {
    if (context.control() != null) {
      OutlierDetection config = spec.policy().outliers().orElse(OutlierDetection.OF_DIALS);
      use().detector().connectFailed(config, to.health());
    }
  }

  /** An endpoint has answered a request, with this status of HTTP. */
  public void answered(Endpoint from, int status) {
    from.requests().answered(status);
    Optional<OutlierDetection> config = spec.policy().outliers();
    if (config.isPresent() && context.control() != null) {
      use().detector().answered(config.get(), from.health(), status);
    }
  }

  private ClusterUse use() {
    ClusterUse known = use;
    return known != null ? known : makeUse();
  }

  private synchronized ClusterUse makeUse() {
    ClusterUse known = use;
    if (known == null) {
      known = new ClusterUse(this);
      use = known;
    }
    return known;
  }

  ClusterContext context() {
    return context;
  }

  /** How often the health of an endpoint has changed. */
  int healthChanges() {
    return healthChanges;
  }

  /** The health of an endpoint has changed: who chooses must look again. */
  void onHealthChanged() {
    HEALTH_CHANGES.incrementAndGet(this);
  }

  /** The endpoints, each once. */
  Set<Endpoint> endpoints() {
    Set<Endpoint> endpoints = new LinkedHashSet<>();
    members().forEach(member -> endpoints.add(member.endpoint()));
    return endpoints;
  }

  /**
   * For records, when none can be chosen: its name, and which endpoint may not be dialed, and why.
   */
  public String withoutEndpoint() {
    if (outside) { // else nothing is looked at, and there may be many
      for (Member member : members()) {
        String barred = member.endpoint().barred();
        if (!barred.isEmpty()) {
          return name() + ": " + member.endpoint() + ": " + barred;
        }
      }
    }
    return name();
  }

  /** Takes over a new configuration; an endpoint whose address stays keeps its counters. */
  public synchronized void update(ClusterSpec changed) {
    ClusterSpec before = spec;
    spec = changed; // an equal one, too, or that of an old snapshot would be kept in memory
    boolean same = changed.equals(before);
    if (!same || !context.proxies().isEmpty()) {
      expectNames(changed);
    }
    if (!same) {
      List<Member> made = members;
      if (made != null) {
        Map<Address, Endpoint> known = new HashMap<>();
        made.forEach(member -> known.put(member.endpoint().address(), member.endpoint()));
        List<Member> next = members(changed, known);
        members = next;
        next.forEach(member -> known.remove(member.endpoint().address()));
        known.values().forEach(left -> left.gone(true));
      }
    }
    maybeCheck(same);
  }

  /** Begins to ask the endpoints, asks others, or ends it. */
  private void maybeCheck(boolean same) {
    Optional<HealthCheck> wanted = spec.policy().healthCheck();
    EventLoop control = context.control();
    HealthChecks known = checks;
    boolean asked = known == null ? wanted.isPresent() : !same;
    if (control == null || !asked) {
      return;
    }
    if (known == null) {
      known = new HealthChecks(control, context.probes(), context.random(), new Watched(this));
      checks = known;
    }
    known.watch(wanted, endpoints());
  }

  /** It is gone: nobody is probed or taken back any more. Live connections go on. */
  public synchronized void close() {
    unverified(false);
    HealthChecks running = checks;
    if (running != null) {
      checks = null;
      running.stop();
    }
    ClusterUse used = use;
    if (used != null) {
      used.close();
    }
    List<Member> made = members;
    if (made != null) {
      made.forEach(member -> member.endpoint().gone(true));
    }
  }

  /** The first connection should not have to wait for a name server. */
  private void expectNames(ClusterSpec from) {
    for (LocalityEndpoints group : from.localities()) {
      for (EndpointSpec endpoint : group.endpoints()) {
        Detour way = detour(endpoint.address());
        if (way == null) {
          context.names().expect(endpoint.address().host());
        }
      }
    }
  }

  /** The way through another proxy; null when it is dialed itself. */
  private @Nullable Detour detour(Address address) {
    if (!outside || !(address instanceof HostPort to)) {
      return null;
    }
    return context
        .proxies()
        .of(to.host())
        .map(by -> new Detour(new Tunnel(by, to), context.names().of(by.address().host())))
        .orElse(null);
  }

  /** How the admin port shows it: one line an address, its weights added up. */
  public ClusterStatus status() {
    Map<Endpoint, EndpointStatus> endpoints = new LinkedHashMap<>();
    for (Member member : shown()) {
      EndpointStatus before = endpoints.get(member.endpoint());
      int weight = addWeights(member.spec().weight(), before == null ? 0 : before.weight());
      endpoints.put(member.endpoint(), member.status(weight));
    }
    ClusterUse used = use;
    HealthChecks asking = checks;
    return new ClusterStatus(
        name(),
        spec.statName(),
        List.copyOf(endpoints.values()),
        used == null ? null : used.stats(),
        spec.policy().limits(),
        used == null ? null : used.outlierStats(),
        asking == null ? null : asking.stats());
  }

  /** Two entries of one address; the sum of two hostile weights is the greatest there is. */
  static int addWeights(int one, int other) {
    return (int) Math.min(Integer.MAX_VALUE, (long) one + other);
  }

  List<Member> members() {
    List<Member> known = members;
    return known != null ? known : makeMembers();
  }

  private synchronized List<Member> makeMembers() {
    List<Member> known = members;
    if (known == null) {
      known = members(spec, Map.of());
      members = known;
    }
    return known;
  }

  /** Looking at a cluster is no use of it: what is made for it is not kept. */
  private List<Member> shown() {
    List<Member> known = members;
    return known != null ? known : members(spec, Map.of());
  }

  private List<Member> members(ClusterSpec from, Map<Address, Endpoint> known) {
    Map<Address, Endpoint> endpoints = new HashMap<>(known);
    List<Member> result = new ArrayList<>();
    for (LocalityEndpoints group : from.localities()) {
      for (EndpointSpec endpoint : group.endpoints()) {
        Endpoint at = endpoints.computeIfAbsent(endpoint.address(), to -> endpoint(from, to));
        at.family(from.policy().dns());
        at.guard(outside ? context.outside() : null);
        result.add(new Member(at, endpoint, group.locality(), group.priority(), group.weight()));
      }
    }
    return List.copyOf(result);
  }

  private Endpoint endpoint(ClusterSpec from, Address address) {
    Detour way = detour(address);
    String host = address.host();
    Endpoint fresh =
        new Endpoint(address, way == null ? context.names().of(host) : NameTable.ofOthers(host));
    fresh.detour(way);
    if (context.control() != null && from.policy().healthCheck().isPresent()) {
      HealthChecks.expectProbe(fresh.health());
    }
    return fresh;
  }

  /** What its health checks see of a cluster and tell it. */
  private record Watched(Cluster cluster) implements HealthChecks.Watched {
    @Override
    public String name() {
      return cluster.name();
    }

    @Override
    public boolean ready() {
      return cluster.spec.policy().tls().isEmpty() || cluster.security != null;
    }

    @Override
    public Optional<Consumer<Channel>> tls(HealthChecks.Target target) {
      Security by = cluster.security;
      return by == null || cluster.spec.policy().tls().isEmpty()
          ? Optional.empty()
          : by.towards((Endpoint) target);
    }

    @Override
    public boolean hasTraffic() {
      ClusterUse used = cluster.use;
      return used != null && used.stats().total.sum() > 0;
    }

    @Override
    public void changed() {
      cluster.onHealthChanged();
    }

    @Override
    public void passed(EndpointHealth endpoint) {
      ClusterUse used = cluster.use;
      if (used != null) {
        used.probed(endpoint);
      }
    }
  }

  /** An endpoint as one entry of the configuration names it; several may name one address. */
  record Member(
      Endpoint endpoint, EndpointSpec spec, Locality locality, int priority, int localityWeight) {
    /** Whether nobody speaks against it: neither the control plane nor what we found. */
    boolean healthy() {
      return spec.healthy() && endpoint.health().healthy();
    }

    EndpointStatus status(int weight) {
      return new EndpointStatus(
          endpoint.address(),
          locality,
          priority,
          weight,
          hasAddress(),
          endpoint.active.sum(),
          endpoint.total.sum(),
          endpoint.connectFail.sum(),
          flags(),
          endpoint.tunnel().map(way -> way.proxy().address().toString()).orElse(""),
          endpoint.seenRequests(),
          endpoint.barred());
    }

    /** A Unix socket needs no look-up; whoever leads to one serves it otherwise. */
    private boolean hasAddress() {
      return endpoint.address() instanceof Pipe || endpoint.resolved();
    }

    private Set<HealthFlag> flags() {
      Set<HealthFlag> flags = new HashSet<>(endpoint.health().flags());
      if (!spec.healthy() || !hasAddress()) {
        flags.add(HealthFlag.FAILED_EDS_HEALTH);
      }
      return flags;
    }
  }
}
