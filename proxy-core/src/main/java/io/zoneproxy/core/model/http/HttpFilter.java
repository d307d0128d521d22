package io.zoneproxy.core.model.http;

import io.zoneproxy.core.model.policy.Fraction;
import io.zoneproxy.core.model.policy.HeaderChange;
import io.zoneproxy.core.model.policy.HeaderMatch;
import io.zoneproxy.core.model.policy.MatchTree;
import io.zoneproxy.core.model.policy.RbacSpec;
import io.zoneproxy.core.model.policy.TokenBucket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A step of a request on its way. */
public sealed interface HttpFilter {
  /** Does nothing. */
  HttpFilter OFF = new Off();

  /** Does nothing. */
  record Off() implements HttpFilter {}

  /** Sends requests where the route says; always the last. */
  record Router() implements HttpFilter {}

  /** Who may pass; 403 otherwise. */
  record Rbac(RbacSpec spec) implements HttpFilter {}

  /**
   * At most so many requests.
   *
   * @param bucket empty = no limit here: a route may have one
   * @param status of the answer to one too many
   * @param answerHeaders on that answer
   * @param enabled requests that are counted
   * @param enforced of these, those that are refused
   */
  record RateLimit(
      Optional<TokenBucket> bucket,
      int status,
      List<HeaderChange> answerHeaders,
      Fraction enabled,
      Fraction enforced)
      implements HttpFilter {
    public RateLimit {
      answerHeaders = List.copyOf(answerHeaders);
    }
  }

  /**
   * Faults on purpose.
   *
   * @param headers only requests that have them
   */
  record Fault(
      Optional<Abort> abort,
      Optional<Delay> delay,
      Optional<Bandwidth> bandwidth,
      List<HeaderMatch> headers)
      implements HttpFilter {
    public Fault {
      headers = List.copyOf(headers);
    }
  }

  /** An answer instead of the upstream's. */
  record Abort(int status, Fraction share) {}

  /** A wait before the request goes on. */
  record Delay(Duration time, Fraction share) {}

  /**
   * Slow responses.
   *
   * @param kilobytesPerSecond KiB, at least 1
   */
  record Bandwidth(long kilobytesPerSecond, Fraction share) {}

  /** Counts calls of gRPC. */
  record GrpcStats() implements HttpFilter {}

  /**
   * A filter that some requests pass by.
   *
   * @param name of the filter, Kuma's policy
   * @param skip whether it is passed by; nothing decided = it is not
   */
  record Conditional(String name, HttpFilter filter, MatchTree<Boolean> skip)
      implements HttpFilter {}
}
