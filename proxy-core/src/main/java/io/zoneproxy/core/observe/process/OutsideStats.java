package io.zoneproxy.core.observe.process;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What is worth knowing of the ways to external services. Any thread. */
public final class OutsideStats {
  /** Addresses of names that are not dialed, each counted when it is first met. */
  public final LongAdder refusedAddresses = new LongAdder();

  /** Clusters in use whose TLS verifies nothing. */
  public final AtomicLong unverifiedTls = new AtomicLong();
}
