package io.zoneproxy.core.observe.request;

import io.zoneproxy.core.observe.Histogram;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counters of downstreams' requests ({@code downstream_rq_…}). Any thread. */
public final class HttpRequestStats {
  /** The classes of HTTP's statuses: 1xx to 5xx. */
  public static final int CLASSES = 5;

  /** Statuses of one class, from the lowest on. */
  private static final int CLASS_SIZE = 100;

  /** Requests over HTTP/1.1 ({@code http1_total}). */
  public final LongAdder http1 = new LongAdder();

  /** Requests over HTTP/2 ({@code http2_total}). */
  public final LongAdder http2 = new LongAdder();

  /** Requests on their way ({@code active}). */
  public final LongAdder active = new LongAdder();

  /** Requests that got a response, whole or not ({@code completed}). */
  public final LongAdder completed = new LongAdder();

  /** Those whose response began before their end ({@code response_before_rq_complete}). */
  public final LongAdder early = new LongAdder();

  /** Requests that came as far as the router ({@code rq_total}). */
  public final LongAdder routed = new LongAdder();

  /** Those that a route answered by itself ({@code rq_direct_response}). */
  public final LongAdder direct = new LongAdder();

  /** Heads that trickled in for too long ({@code header_timeout}). */
  public final LongAdder headerTimeout = new LongAdder();

  /** Responses cut off after their begin ({@code rq_reset_after_downstream_response_started}). */
  public final LongAdder cutOff = new LongAdder();

  private final List<LongAdder> byClass = new ArrayList<>();
  private final Map<RequestEnd, LongAdder> ended = new EnumMap<>(RequestEnd.class);
  private final Histogram millis = new Histogram();

  HttpRequestStats() {
    for (int i = 0; i < CLASSES; i++) {
      byClass.add(new LongAdder());
    }
    for (RequestEnd end : RequestEnd.values()) {
      ended.put(end, new LongAdder());
    }
  }

  /** A head is whole: {@link #onEnded} is owed. */
  public void onBegun(boolean overHttp2) {
    (overHttp2 ? http2 : http1).increment();
    active.increment();
  }

  /**
   * A request is over.
   *
   * @param status of the response; 0 when none was sent
   * @param took milliseconds from its head to its end
   */
  public void onEnded(RequestEnd end, int status, long took) {
    active.decrement();
    ended(end).increment();
    if (end.isRouted()) {
      routed.increment();
    }
    millis.record(took);
    int index = status / CLASS_SIZE - 1;
    if (index >= 0) {
      completed.increment();
      byClass.get(Math.min(index, CLASSES - 1)).increment();
    }
  }

  /** Requests that ended so. */
  @SuppressWarnings("NullAway") // the constructor fills in every constant
  public LongAdder ended(RequestEnd end) {
    return ended.get(end);
  }

  /**
   * Responses of one class ({@code downstream_rq_2xx}).
   *
   * @param number 1 to {@link #CLASSES}
   */
  public long ofClass(int number) {
    return byClass.get(number - 1).sum();
  }

  /** Milliseconds from a request's head to its end ({@code downstream_rq_time}). */
  public Histogram millis() {
    return millis;
  }
}
