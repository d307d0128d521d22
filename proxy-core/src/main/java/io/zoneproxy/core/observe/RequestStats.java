package io.zoneproxy.core.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counters of a cluster's HTTP requests, under the names that Envoy gives them; all zero where
 * bytes are relayed as they are. Any thread may add.
 */
public final class RequestStats {
  /** The classes of HTTP's statuses: 1xx to 5xx. */
  public static final int CLASSES = 5;

  /** Statuses of one class, from the lowest on. */
  private static final int CLASS_SIZE = 100;

  /** Requests sent on; one that is sent twice counts twice ({@code upstream_rq_total}). */
  public final LongAdder total = new LongAdder();

  /** Requests on their way ({@code upstream_rq_active}), exactly: what the breaker limits. */
  public final AtomicLong active = new AtomicLong();

  /** Answers of any status ({@code upstream_rq_completed}). */
  public final LongAdder completed = new LongAdder();

  /** Requests that were not answered in time ({@code upstream_rq_timeout}). */
  public final LongAdder timeout = new LongAdder();

  /** Requests that were answered well after a retry ({@code upstream_rq_retry_success}). */
  public final LongAdder retrySuccess = new LongAdder();

  /** Requests that had to wait for a connection ({@code upstream_rq_pending_total}). */
  public final LongAdder pendingTotal = new LongAdder();

  /** Those that wait now ({@code upstream_rq_pending_active}). */
  public final LongAdder pending = new LongAdder();

  /** Those whose connection failed ({@code upstream_rq_pending_failure_eject}). */
  public final LongAdder pendingFailure = new LongAdder();

  /** Those given up before there was a connection ({@code upstream_rq_cancelled}). */
  public final LongAdder cancelled = new LongAdder();

  /** Streams that the upstream reset ({@code upstream_rq_rx_reset}). */
  public final LongAdder rxReset = new LongAdder();

  /** Answers and connections that broke HTTP's rules ({@code upstream_cx_protocol_error}). */
  public final LongAdder protocolError = new LongAdder();

  /** Requests given up before their response was whole ({@code upstream_rq_tx_reset}). */
  public final LongAdder txReset = new LongAdder();

  /** Calls of gRPC that ended with status 0, where they are counted ({@code grpc.success}). */
  public final LongAdder grpcSuccess = new LongAdder();

  /** Those that ended with another one, or without one ({@code grpc.failure}). */
  public final LongAdder grpcFailure = new LongAdder();

  private final List<LongAdder> byClass = new ArrayList<>();
  private final Histogram millis = new Histogram();

  /** All at zero. */
  public RequestStats() {
    for (int i = 0; i < CLASSES; i++) {
      byClass.add(new LongAdder());
    }
  }

  /**
   * A request was answered.
   *
   * @param status its HTTP status; one outside 100 to 599 is counted in no class
   * @param took milliseconds from the request to the end of the answer
   */
  public void onAnswer(int status, long took) {
    completed.increment();
    millis.record(took);
    int index = status / CLASS_SIZE - 1;
    if (index >= 0 && index < CLASSES) {
      byClass.get(index).increment();
    }
  }

  /**
   * Answers of one class ({@code upstream_rq_2xx}).
   *
   * @param number 1 to {@link #CLASSES}
   */
  public long ofClass(int number) {
    return byClass.get(number - 1).sum();
  }

  /** Milliseconds from a request to the end of its answer ({@code upstream_rq_time}). */
  public Histogram millis() {
    return millis;
  }
}
