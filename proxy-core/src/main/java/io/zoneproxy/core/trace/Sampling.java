package io.zoneproxy.core.trace;

import io.netty.handler.codec.http.HttpHeaders;
import io.zoneproxy.core.model.http.TracingSpec;
import io.zoneproxy.core.observe.request.TraceStats;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Which requests are traced, by Envoy's rules: what the id says stands; else a client that asks is
 * heard in its share, then a proxy before us, then chance decides; and of all these an overall
 * share is left. The id is told. A request whose id is no UUID is never chosen.
 */
final class Sampling {
  private static final String CLIENT = "x-client-trace-id";
  private static final String FORCE = "x-envoy-force-trace";
  private static final int WHOLE = 100;

  private final int clientPercent; // whole ones, as in Envoy; only chance has finer shares
  private final int randomShares;
  private final int overallPercent;

  Sampling(TracingSpec spec) {
    this.clientPercent = (int) spec.clientPercent();
    this.randomShares = (int) Math.round(spec.randomPercent() * RequestId.SHARES / WHOLE);
    this.overallPercent = (int) spec.overallPercent();
  }

  /** Decides on a request, and gives it an id when it has none. */
  boolean choose(HttpHeaders headers, TraceStats stats) {
    String id = headers.get(RequestId.HEADER);
    if (id == null) {
      id = RequestId.fresh();
      headers.set(RequestId.HEADER, id);
    }
    int share = RequestId.share(id);
    if (share < 0) {
      stats.notTraceable.increment();
      return false;
    }
    TraceReason said = RequestId.reason(id);
    TraceReason reason = said == TraceReason.NONE ? reason(headers, share) : said;
    if (reason != TraceReason.NONE && share % WHOLE >= overallPercent) {
      reason = TraceReason.NONE;
    }
    if (reason != said) {
      headers.set(RequestId.HEADER, RequestId.saying(id, reason));
    }
    count(reason, stats);
    return reason != TraceReason.NONE;
  }

  private TraceReason reason(HttpHeaders headers, int share) {
    if (headers.contains(CLIENT) && ThreadLocalRandom.current().nextInt(WHOLE) < clientPercent) {
      return TraceReason.CLIENT;
    }
    if (headers.contains(FORCE)) {
      return TraceReason.FORCED;
    }
    return share < randomShares ? TraceReason.SAMPLED : TraceReason.NONE;
  }

  private static void count(TraceReason reason, TraceStats stats) {
    switch (reason) {
      case NONE -> stats.notTraceable.increment();
      case SAMPLED -> stats.random.increment();
      case FORCED -> stats.forced.increment();
      case CLIENT -> stats.client.increment();
    }
  }
}
