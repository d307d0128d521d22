package io.zoneproxy.core.forward.request;

import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.policy.Fraction;
import io.zoneproxy.core.observe.RbacStats;
import io.zoneproxy.core.observe.request.HttpStats;
import io.zoneproxy.core.observe.request.LimitStats;
import io.zoneproxy.core.observe.request.RequestEnd;
import io.zoneproxy.core.policy.Decisions;
import io.zoneproxy.core.policy.HeaderTest;
import io.zoneproxy.core.policy.Rbac;
import io.zoneproxy.core.policy.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/** Compiles the filters of a chain. */
public final class RequestFilters {
  private static final int BYTES_PER_KIB = 1024;

  private RequestFilters() {}

  /**
   * Compiles them, in their order; the router is not among them.
   *
   * @param stats counts what permissions and faults do
   * @param limits counts what limits decide
   * @throws IllegalArgumentException when something of it cannot be decided here
   */
  public static List<RequestFilter> of(
      List<HttpFilter> filters, HttpStats stats, LimitStats limits) {
    List<RequestFilter> compiled = new ArrayList<>();
    for (HttpFilter filter : filters) {
      of(filter, stats, limits).ifPresent(compiled::add);
    }
    return List.copyOf(compiled);
  }

  private static Optional<RequestFilter> of(HttpFilter filter, HttpStats stats, LimitStats limits) {
    if (filter instanceof HttpFilter.Rbac permissions) {
      return Optional.of(permissions(Rbac.of(permissions.spec()), stats.rbac));
    } else if (filter instanceof HttpFilter.RateLimit limit) {
      return Optional.of(limit(RequestLimit.of(limit, limits)));
    } else if (filter instanceof HttpFilter.Fault fault) {
      return Optional.of(fault(fault, stats));
    } else if (filter instanceof HttpFilter.Conditional conditional) {
      return of(conditional.filter(), stats, limits).map(inner -> unless(conditional, inner));
    }
    return Optional.empty(); // the router, and what only counts
  }

  private static RequestFilter permissions(Rbac rbac, RbacStats stats) {
    return (request, route) -> {
      Rbac.Decision decision = rbac.decide(request.subject(), stats);
      if (decision.allowed()) {
        return RequestFilter.Step.PASS;
      }
      String policy = decision.policy();
      return new RequestFilter.Reply(
          LocalReply.of(
              403,
              "RBAC: access denied",
              RequestEnd.DENIED,
              policy.isEmpty() ? "no policy allows it" : RequestEnd.POLICY + policy));
    };
  }

  /** What the route says takes the place of what the chain says. */
  private static RequestFilter limit(Optional<RequestLimit> ofChain) {
    return (request, route) -> {
      Optional<RequestLimit> limit = route == null ? ofChain : route.limit().or(() -> ofChain);
      return limit.isEmpty()
          ? RequestFilter.Step.PASS
          : limit
              .get()
              .refusal()
              .<RequestFilter.Step>map(RequestFilter.Reply::new)
              .orElse(RequestFilter.Step.PASS);
    };
  }

  private static RequestFilter fault(HttpFilter.Fault fault, HttpStats stats) {
    List<HeaderTest> headers = HeaderTest.of(fault.headers());
    return (request, route) -> {
      if (!HeaderTest.allFit(headers, request)) {
        return RequestFilter.Step.PASS;
      }
      if (fault.abort().isPresent() && happens(fault.abort().get().share())) {
        stats.aborts.increment();
        int status = fault.abort().get().status();
        return new RequestFilter.Reply(
            LocalReply.of(status, "fault filter abort", RequestEnd.FAULT, ""));
      }
      Duration delay =
          fault
              .delay()
              .filter(one -> happens(one.share()))
              .map(HttpFilter.Delay::time)
              .orElse(Duration.ZERO);
      long rate =
          fault
              .bandwidth()
              .filter(one -> happens(one.share()))
              .map(one -> one.kilobytesPerSecond() * BYTES_PER_KIB)
              .orElse(0L);
      return slow(delay, rate, stats);
    };
  }

  private static RequestFilter.Step slow(Duration delay, long bytesPerSecond, HttpStats stats) {
    if (!delay.isZero()) {
      stats.delays.increment();
    }
    if (bytesPerSecond > 0) {
      stats.slowed.increment();
    }
    return delay.isZero() && bytesPerSecond == 0
        ? RequestFilter.Step.PASS
        : new RequestFilter.Slow(delay, bytesPerSecond);
  }

  /** Whether it is this one's turn. */
  static boolean happens(Fraction share) {
    return share.numerator() >= share.denominator()
        || ThreadLocalRandom.current().nextInt(share.denominator()) < share.numerator();
  }

  private static RequestFilter unless(HttpFilter.Conditional conditional, RequestFilter filter) {
    Function<Subject, Optional<Boolean>> skip = Decisions.of(conditional.skip());
    return (request, route) ->
        skip.apply(request.subject()).orElse(false)
            ? RequestFilter.Step.PASS
            : filter.apply(request, route);
  }
}
