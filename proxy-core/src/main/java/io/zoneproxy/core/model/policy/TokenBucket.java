package io.zoneproxy.core.model.policy;

import java.time.Duration;

/**
 * A limit of a rate.
 *
 * @param maxTokens how many may come at once; at least 1
 * @param tokensPerFill how many more every interval; at least 1
 * @param fillInterval at least 1 ms (Envoy wants 50 ms)
 */
public record TokenBucket(int maxTokens, int tokensPerFill, Duration fillInterval) {
  public TokenBucket {
    if (maxTokens < 1 || tokensPerFill < 1 || fillInterval.toMillis() < 1) {
      throw new IllegalArgumentException(
          "token bucket: %d, %d every %s (expected: each at least 1, every 1ms or more)"
              .formatted(maxTokens, tokensPerFill, fillInterval));
    }
  }

  /**
   * In words, for operators.
   *
   * @param what is counted, several of it
   */
  public String text(String what) {
    return "%d %s, %d more every %d ms"
        .formatted(maxTokens, what, tokensPerFill, fillInterval.toMillis());
  }
}
