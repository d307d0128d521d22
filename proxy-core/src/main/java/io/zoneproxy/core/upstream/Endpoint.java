package io.zoneproxy.core.upstream;

import io.zoneproxy.core.model.Address;
import io.zoneproxy.core.model.HostPort;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * One address of a cluster at run time. It outlives updates that leave its address in place, so its
 * counters go on. Any thread.
 */
public final class Endpoint {
  /** Connections open now. */
  public final LongAdder active = new LongAdder();

  /** Connections made. */
  public final LongAdder total = new LongAdder();

  /** Attempts that failed. */
  public final LongAdder connectFail = new LongAdder();

  private final Address address;
  private final NameTable.Name name;
  private final AtomicInteger turn = new AtomicInteger();

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
    return name.addresses().length > 0;
  }

  /** The address to dial now: those of a name take turns; null while none is known. */
  public @Nullable InetSocketAddress dialAddress() {
    var addresses = name.addresses();
    if (addresses.length == 0 || !(address instanceof HostPort at)) {
      return null;
    }
    int next = addresses.length == 1 ? 0 : Math.floorMod(turn.getAndIncrement(), addresses.length);
    return new InetSocketAddress(addresses[next], at.port());
  }

  @Override
  public String toString() {
    return address.toString();
  }
}
