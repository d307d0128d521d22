package io.zoneproxy.core.observe.request;

import io.zoneproxy.core.observe.RbacStats;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counters of the chains that speak HTTP and share a name in statistics, under Envoy's names
 * ({@code http.<name>.…}). Any thread may add.
 */
public final class HttpStats {
  /** Connections. */
  public final HttpConnectionStats connections = new HttpConnectionStats();

  /** Requests. */
  public final HttpRequestStats requests = new HttpRequestStats();

  /** What permissions decided on requests ({@code rbac.…}). */
  public final RbacStats rbac = new RbacStats();

  /** Which requests are traced ({@code tracing.…}). */
  public final TraceStats tracing = new TraceStats();

  /** Requests answered with an error on purpose ({@code fault.aborts_injected}). */
  public final LongAdder aborts = new LongAdder();

  /** Requests held back on purpose ({@code fault.delays_injected}). */
  public final LongAdder delays = new LongAdder();

  /** Responses slowed on purpose ({@code fault.response_rl_injected}). */
  public final LongAdder slowed = new LongAdder();

  private final String name;

  HttpStats(String name) {
    this.name = name;
  }

  /** The name that a control plane gave them: never a client's. */
  public String name() {
    return name;
  }
}
