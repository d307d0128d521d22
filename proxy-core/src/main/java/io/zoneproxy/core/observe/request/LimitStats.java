package io.zoneproxy.core.observe.request;

import java.util.concurrent.atomic.LongAdder;

/** What limits on rates of requests decided ({@code http_local_rate_limit.…}). Any thread. */
public final class LimitStats {
  /** Requests that were counted ({@code enabled}). */
  public final LongAdder enabled = new LongAdder();

  /** Those within the limit ({@code ok}). */
  public final LongAdder ok = new LongAdder();

  /** Those beyond it ({@code rate_limited}). */
  public final LongAdder limited = new LongAdder();

  /** Those beyond it that were refused ({@code enforced}). */
  public final LongAdder enforced = new LongAdder();
}
