package io.zoneproxy.core.export;

import io.netty.handler.codec.http.HttpHeaders;
import io.zoneproxy.core.model.http.TracingSpec;
import io.zoneproxy.core.model.log.LogTarget;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.observe.access.Collected;
import io.zoneproxy.core.trace.Span;
import java.util.List;

/** Collectors with a queue as long as a test says. */
public final class TestCollectors {
  private TestCollectors() {}

  /** OpenTelemetry's are told nothing: their messages are another module's. */
  public static Collectors of(ServerStats stats, int capacity) {
    return new Collectors(
        new Collectors.Node("default.egress-1", "egress"),
        stats,
        new OtherModule(),
        new Sender.Pace(capacity, 5, 5));
  }

  private static final class OtherModule implements OpenTelemetry {
    @Override
    public Encoding<Span> spans(TracingSpec.OpenTelemetry to) {
      return new Nothing<>();
    }

    @Override
    public Encoding<Collected> logs(LogTarget.OpenTelemetry to, Collectors.Node sender) {
      return new Nothing<>();
    }
  }

  private static final class Nothing<T> implements Encoding<T> {
    @Override
    public String path() {
      return "/";
    }

    @Override
    public void headers(HttpHeaders to) {}

    @Override
    public int bytes(T one) {
      return 0;
    }

    @Override
    public byte[] body(List<T> batch) {
      return new byte[0];
    }

    @Override
    public boolean taken(int status, HttpHeaders last) {
      return true;
    }
  }
}
