package io.zoneproxy.core.policy;

import io.zoneproxy.core.model.policy.TokenBucket;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/** A bucket of tokens, full at first. One for all event loops, without locks. Any thread. */
public final class RateLimiter {
  private final TokenBucket bucket;
  private final LongSupplier nanos;
  private final AtomicReference<Level> level;

  /** What is in it, counted at a moment that lies whole intervals after the first. */
  private record Level(long filledAtNanos, long tokens) {}

  public RateLimiter(TokenBucket bucket) {
    this(bucket, System::nanoTime);
  }

  /** With a clock of the caller's. */
  RateLimiter(TokenBucket bucket, LongSupplier nanos) {
    this.bucket = bucket;
    this.nanos = nanos;
    this.level = new AtomicReference<>(new Level(nanos.getAsLong(), bucket.maxTokens()));
  }

  /** What it was made from. */
  public TokenBucket bucket() {
    return bucket;
  }

  /** Takes one; false when none is left. */
  public boolean tryTake() {
    long now = nanos.getAsLong();
    while (true) {
      Level before = Objects.requireNonNull(level.get());
      Level filled = filled(before, now);
      if (filled.tokens == 0) {
        return false;
      }
      if (level.compareAndSet(before, new Level(filled.filledAtNanos, filled.tokens - 1))) {
        return true;
      }
    }
  }

  private Level filled(Level before, long now) {
    long interval = bucket.fillInterval().toNanos();
    long fills = Math.max(0, now - before.filledAtNanos) / interval; // another may be further
    // No more than fills it up: the product stays small however long nobody came.
    long useful = Math.min(fills, bucket.maxTokens());
    long tokens = Math.min(bucket.maxTokens(), before.tokens + useful * bucket.tokensPerFill());
    return new Level(before.filledAtNanos + fills * interval, tokens);
  }
}
