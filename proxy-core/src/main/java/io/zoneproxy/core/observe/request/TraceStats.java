package io.zoneproxy.core.observe.request;

import java.util.concurrent.atomic.LongAdder;

/** Why requests were traced, or not ({@code http.<name>.tracing.…}). Any thread may add. */
public final class TraceStats {
  /** By chance ({@code random_sampling}). */
  public final LongAdder random = new LongAdder();

  /** A proxy before us wanted it ({@code service_forced}). */
  public final LongAdder forced = new LongAdder();

  /** The client wanted it ({@code client_enabled}). */
  public final LongAdder client = new LongAdder();

  /** Not chosen ({@code not_traceable}). */
  public final LongAdder notTraceable = new LongAdder();
}
