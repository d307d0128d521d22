package io.zoneproxy.core.upstream;

import io.zoneproxy.core.model.Address;
import io.zoneproxy.core.model.ClusterPolicy.DnsFamily;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.upstream.health.EndpointHealth;
import io.zoneproxy.core.upstream.health.HealthChecks;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * One address of a cluster at run time. It outlives updates that leave its address in place, so its
 * counters go on. Any thread.
 */
public final class Endpoint implements HealthChecks.Target {
  /** Connections open now. */
  public final LongAdder active = new LongAdder();

  /** Connections made. */
  public final LongAdder total = new LongAdder();

  /** Attempts that failed. */
  public final LongAdder connectFail = new LongAdder();

  private final Address address;
  private final NameTable.Name name;
  private final AtomicInteger turn = new AtomicInteger();
  private final EndpointHealth health = new EndpointHealth();
  private volatile DnsFamily family = DnsFamily.AUTO;

  Endpoint(Address address, NameTable.Name name) {
    this.address = address;
    this.name = name;
  }

  /** As configured. */
  public Address address() {
    return address;
  }

  /** Whether there is an address to dial. */
  public boolean resolved() {
    return name.addresses(family).length > 0;
  }

  /** What we found of its health; the control plane's word is not in it. */
  @Override
  public EndpointHealth health() {
    return health;
  }

  /** Whether its addresses may change. */
  boolean named() {
    return !name.literal();
  }

  /** Which addresses of its name are used. */
  void family(DnsFamily used) {
    family = used;
  }

  /** The address to dial now: those of a name take turns; null while none is known. */
  public @Nullable InetSocketAddress dialAddress() {
    InetAddress[] addresses = name.addresses(family);
    return at(addresses, addresses.length < 2 ? 0 : turn.getAndIncrement());
  }

  @Override
  public @Nullable InetSocketAddress address(int probe) {
    return at(name.addresses(family), probe);
  }

  private @Nullable InetSocketAddress at(InetAddress[] addresses, int number) {
    if (addresses.length == 0 || !(address instanceof HostPort at)) {
      return null;
    }
    return new InetSocketAddress(addresses[Math.floorMod(number, addresses.length)], at.port());
  }

  @Override
  public String toString() {
    return address.toString();
  }
}
