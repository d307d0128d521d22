package io.zoneproxy.core.trace;

import io.netty.handler.codec.http.HttpHeaders;
import io.zoneproxy.core.model.http.TracingSpec;
import io.zoneproxy.core.observe.request.TraceStats;
import org.jspecify.annotations.Nullable;

/** Traces the requests of a chain. Any thread. */
public final class Tracer {
  private final Sampling sampling;
  private final Propagation propagation;
  private final SpanTags tags;
  private final SpanSink sink;
  private final TraceStats stats;

  /**
   * @param node this proxy's id, for a tag
   * @param sink gets the spans
   * @param stats counts what is chosen
   */
  public Tracer(TracingSpec spec, String node, SpanSink sink, TraceStats stats) {
    this.sampling = new Sampling(spec);
    this.propagation = propagation(spec.provider());
    this.tags = new SpanTags(spec.tags(), node);
    this.sink = sink;
    this.stats = stats;
  }

  private static Propagation propagation(TracingSpec.Provider provider) {
    if (provider instanceof TracingSpec.Zipkin zipkin) {
      return new B3(zipkin.traceId128Bit(), zipkin.sharedSpan());
    }
    return provider instanceof TracingSpec.Datadog ? new DatadogHeaders() : new TraceParent();
  }

  /**
   * Begins the span of a request, and notes in its id whether it is traced.
   *
   * @param headers of the request, as they came
   * @return null when they tell of a place that cannot be read; then they go on as they are
   */
  public @Nullable RequestSpan begin(HttpHeaders headers) {
    boolean chosen = sampling.choose(headers, stats);
    Place place = propagation.place(headers, chosen);
    return place == null ? null : new RequestSpan(this, place, headers);
  }

  void tell(Place place, HttpHeaders headers) {
    propagation.tell(place, headers);
  }

  SpanTags tags() {
    return tags;
  }

  void report(Span span) {
    sink.offer(span);
  }
}
