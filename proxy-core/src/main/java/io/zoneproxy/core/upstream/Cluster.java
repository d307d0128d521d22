package io.zoneproxy.core.upstream;

import io.zoneproxy.core.model.Address;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.Locality;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.core.observe.ClusterStats;
import io.zoneproxy.core.observe.ClusterStatus;
import io.zoneproxy.core.observe.ClusterStatus.EndpointStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A cluster at run time: an update changes its endpoints in place, so chains, counters and live
 * connections keep the one they have. Reading is for any thread; {@link #update} for one at a time.
 *
 * <p>Most clusters of a large mesh never see a connection, and there may be 100,000: what only a
 * connection needs is made for the first.
 */
public final class Cluster {
  private final NameTable names;
  private final Picker any;
  private @Nullable Map<Map<String, String>, Picker> subsets; // guarded by this; null: none
  private volatile ClusterSpec spec;
  private volatile @Nullable List<Member> members; // null: not made yet
  private volatile @Nullable ClusterStats stats;

  public Cluster(ClusterSpec spec, NameTable names) {
    this.names = names;
    this.spec = spec;
    this.any = new Picker(this, Map.of());
    expectNames(spec);
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

  /** Forgets the choosers of other subsets: a live connection has chosen already. */
  public synchronized void retain(Set<Map<String, String>> wanted) {
    Map<Map<String, String>, Picker> known = subsets;
    if (known != null) {
      known.keySet().retainAll(wanted);
    }
  }

  /** Its counters; made at the first use, for most clusters of a large mesh are never used. */
  public ClusterStats stats() {
    ClusterStats known = stats;
    return known != null ? known : makeStats();
  }

  private synchronized ClusterStats makeStats() {
    ClusterStats known = stats;
    if (known == null) {
      known = new ClusterStats();
      stats = known;
    }
    return known;
  }

  /** Takes over a new configuration; an endpoint whose address stays keeps its counters. */
  public synchronized void update(ClusterSpec changed) {
    ClusterSpec before = spec;
    spec = changed; // an equal one, too, or that of an old snapshot would be kept in memory
    if (changed.equals(before)) {
      return;
    }
    expectNames(changed);
    List<Member> made = members;
    if (made != null) {
      Map<Address, Endpoint> known = new HashMap<>();
      made.forEach(member -> known.put(member.endpoint().address(), member.endpoint()));
      members = members(changed, known);
    }
  }

  /** The first connection should not have to wait for a name server. */
  private void expectNames(ClusterSpec from) {
    for (LocalityEndpoints group : from.localities()) {
      for (EndpointSpec endpoint : group.endpoints()) {
        names.expect(endpoint.address().host());
      }
    }
  }

  /** How the admin port shows it: one line an address, its weights added up. */
  public ClusterStatus status() {
    Map<Endpoint, EndpointStatus> endpoints = new LinkedHashMap<>();
    for (Member member : shown()) {
      EndpointStatus before = endpoints.get(member.endpoint());
      int weight = addWeights(member.spec().weight(), before == null ? 0 : before.weight());
      endpoints.put(member.endpoint(), member.status(weight));
    }
    return new ClusterStatus(name(), spec.statName(), List.copyOf(endpoints.values()), stats);
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
        Endpoint at =
            endpoints.computeIfAbsent(
                endpoint.address(), address -> new Endpoint(address, names.of(address.host())));
        result.add(new Member(at, endpoint, group.locality(), group.priority()));
      }
    }
    return List.copyOf(result);
  }

  /** An endpoint as one entry of the configuration names it; several may name one address. */
  record Member(Endpoint endpoint, EndpointSpec spec, Locality locality, int priority) {
    EndpointStatus status(int weight) {
      return new EndpointStatus(
          endpoint.address(),
          locality,
          priority,
          weight,
          endpoint.resolved(),
          endpoint.active.sum(),
          endpoint.total.sum(),
          endpoint.connectFail.sum());
    }
  }
}
