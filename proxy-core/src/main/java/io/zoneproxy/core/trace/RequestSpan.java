package io.zoneproxy.core.trace;

import io.netty.handler.codec.http.HttpHeaders;
import io.zoneproxy.core.observe.request.RequestRecord;
import org.jspecify.annotations.Nullable;

/** The span of a request that is under way. On its event loop. */
public final class RequestSpan {
  /**
   * What Envoy calls the work of a listener whose direction is inbound, and what kuma-cp's zone
   * proxies are.
   */
  private static final String NAME = "ingress";

  private static final String SENDER = "x-envoy-downstream-service-cluster";

  private final Tracer tracer;
  private final Place place;
  private final @Nullable String sender; // the header does not go on

  RequestSpan(Tracer tracer, Place place, HttpHeaders headers) {
    this.tracer = tracer;
    this.place = place;
    this.sender = place.sampled() ? headers.get(SENDER) : null;
  }

  /** Tells the upstream its place. */
  public void tell(HttpHeaders headers) {
    tracer.tell(place, headers);
  }

  /** The request is over. */
  public void end(RequestRecord record) {
    if (place.sampled()) {
      tracer.report(
          new Span(
              place,
              NAME,
              record.timeline().start(),
              record.duration(),
              SpanTags.isFailure(record.status()),
              tracer.tags().of(record, sender),
              record.local()));
    }
  }
}
