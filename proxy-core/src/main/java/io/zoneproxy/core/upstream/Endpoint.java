package io.zoneproxy.core.upstream;

import io.zoneproxy.core.model.Address;
import io.zoneproxy.core.model.ClusterPolicy.DnsFamily;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.observe.ClusterStatus;
import io.zoneproxy.core.upstream.health.EndpointHealth;
import io.zoneproxy.core.upstream.health.HealthChecks;
import io.zoneproxy.core.upstream.tunnel.Tunnel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * One address of a cluster at run time. It outlives updates that leave its address in place, so its
 * counters go on. Any thread.
 */
public final class Endpoint implements HealthChecks.Target {
  /** Connections open now; of an HTTP cluster, requests under way. */
  public final LongAdder active = new LongAdder();

  /** Connections that were made, those that failed not among them. */
  public final LongAdder total = new LongAdder();

  /** Attempts that failed. */
  public final LongAdder connectFail = new LongAdder();

  private final Address address;
  private final NameTable.Name name;
  private final AtomicInteger turn = new AtomicInteger();
  private final EndpointHealth health = new EndpointHealth();
  private volatile @Nullable EndpointRequests requests; // null: no HTTP was spoken with it
  private volatile boolean gone;
  private volatile DnsFamily family = DnsFamily.AUTO;
  private volatile @Nullable Outside outside; // null: its addresses are not looked at
  private volatile @Nullable Detour detour; // null: it is dialed itself

  /**
   * The way through another proxy.
   *
   * @param proxy the addresses of that one
   */
  record Detour(Tunnel tunnel, NameTable.Name proxy) {}

  Endpoint(Address address, NameTable.Name name) {
    this.address = address;
    this.name = name;
  }

  /** As configured. */
  public Address address() {
    return address;
  }

  /**
   * Through which proxy it is dialed: {@link #dialAddress} is that one's then. Empty = it is dialed
   * itself.
   */
  @Override
  public Optional<Tunnel> tunnel() {
    Detour way = detour;
    return way == null ? Optional.empty() : Optional.of(way.tunnel());
  }

  void detour(@Nullable Detour way) {
    detour = way;
  }

  /** What is counted of HTTP with it; made when it is asked for first. */
  public EndpointRequests requests() {
    EndpointRequests known = requests;
    return known != null ? known : makeRequests();
  }

  private synchronized EndpointRequests makeRequests() {
    EndpointRequests known = requests;
    if (known == null) {
      known = new EndpointRequests();
      requests = known;
    }
    return known;
  }

  /** The same for a look at it; empty when no HTTP was spoken with it. */
  Optional<ClusterStatus.Requests> seenRequests() {
    EndpointRequests known = requests;
    return known == null ? Optional.empty() : Optional.of(known.status());
  }

  /** Whether there is an address to dial. */
  public boolean resolved() {
    return addresses().length > 0;
  }

  /** Why none of the addresses that are known may be dialed; "" when some may, or none is known. */
  public String barred() {
    InetAddress[] known = name.addresses(family);
    Outside guard = outside;
    return guard != null && known.length > 0 && address instanceof HostPort at && !resolved()
        ? guard.refusal(known[0], at.port(), named())
        : "";
  }

  /** What we found of its health; the control plane's word is not in it. */
  @Override
  public EndpointHealth health() {
    return health;
  }

  /** Whether it is known by a name. */
  public boolean named() {
    return !name.literal();
  }

  /** Whether the addresses that are dialed may change. */
  boolean mayMove() {
    Detour way = detour;
    return way == null ? named() : !way.proxy().literal();
  }

  /** Whether its cluster has it no more: live connections go on, new ones are not made. */
  public boolean gone() {
    return gone;
  }

  void gone(boolean without) {
    gone = without;
  }

  /** Which addresses of its name are used. */
  void family(DnsFamily used) {
    family = used;
  }

  /** The address to dial now: those of a name take turns; null while none is known. */
  public @Nullable InetSocketAddress dialAddress() {
    InetAddress[] addresses = addresses();
    return at(addresses, addresses.length < 2 ? 0 : turn.getAndIncrement());
  }

  @Override
  public @Nullable InetSocketAddress address(int probe) {
    return at(addresses(), probe);
  }

  /** What was checked here is what is dialed. */
  private InetAddress[] addresses() {
    Detour way = detour;
    if (way != null) {
      return way.proxy().addresses(DnsFamily.AUTO); // who runs us has named it: not looked at
    }
    InetAddress[] known = name.addresses(family);
    Outside guard = outside;
    return guard != null && address instanceof HostPort at
        ? guard.allowed(at, named(), known)
        : known;
  }

  /** Whether its addresses are looked at before they are dialed. */
  void guard(@Nullable Outside by) {
    outside = by;
  }

  private @Nullable InetSocketAddress at(InetAddress[] addresses, int number) {
    if (addresses.length == 0 || !(address instanceof HostPort at)) {
      return null;
    }
    Detour way = detour;
    int port = way == null ? at.port() : way.tunnel().proxy().address().port();
    return new InetSocketAddress(addresses[Math.floorMod(number, addresses.length)], port);
  }

  @Override
  public String toString() {
    return address.toString();
  }
}
