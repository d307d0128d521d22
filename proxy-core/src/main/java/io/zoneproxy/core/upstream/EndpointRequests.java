package io.zoneproxy.core.upstream;

import io.zoneproxy.core.observe.ClusterStatus;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counters of an endpoint that HTTP is spoken with, where a connection is not a request. Any
 * thread.
 */
public final class EndpointRequests {
  /** From here on an answer is an error, as in Envoy. */
  private static final int STATUS_ERROR = 500;

  /** Connections open now. */
  public final LongAdder connections = new LongAdder();

  /** Requests that got a connection. */
  public final LongAdder total = new LongAdder();

  /** Requests that were not answered in time. */
  public final LongAdder timeout = new LongAdder();

  private final LongAdder success = new LongAdder();
  private final LongAdder error = new LongAdder();

  EndpointRequests() {}

  /** A request was answered so, or this proxy has answered so because the endpoint did not. */
  void answered(int status) {
    (status < STATUS_ERROR ? success : error).increment();
  }

  ClusterStatus.Requests status() {
    return new ClusterStatus.Requests(
        connections.sum(), total.sum(), success.sum(), error.sum(), timeout.sum());
  }
}
