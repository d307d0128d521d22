package io.zoneproxy.ingress.translate;

import io.zoneproxy.core.model.TcpOptions;
import io.zoneproxy.core.model.http.TracingSpec;
import io.zoneproxy.core.model.log.AccessLogSpec;
import io.zoneproxy.core.model.log.LogTarget;
import java.util.List;
import java.util.function.UnaryOperator;

/** The same logs and traces with other names for the clusters that lead to collectors. */
public final class CollectorNames {
  private CollectorNames() {}

  /** Of relayed connections; the same object where it names none. */
  public static TcpOptions in(TcpOptions from, UnaryOperator<String> names) {
    return from.accessLogs().isEmpty()
        ? from
        : new TcpOptions(
            from.idleTimeout(), from.hash(), in(from.accessLogs(), names), from.logOnConnect());
  }

  /** Of access logs. */
  public static List<AccessLogSpec> in(List<AccessLogSpec> logs, UnaryOperator<String> names) {
    return logs.stream()
        .map(log -> new AccessLogSpec(in(log.sink(), names), log.filter()))
        .toList();
  }

  private static LogTarget in(LogTarget sink, UnaryOperator<String> names) {
    return sink instanceof LogTarget.OpenTelemetry to
        ? new LogTarget.OpenTelemetry(
            names.apply(to.cluster()), to.logName(), to.body(), to.attributes(), to.resource())
        : sink;
  }

  /** Of traces. */
  public static TracingSpec in(TracingSpec tracing, UnaryOperator<String> names) {
    return new TracingSpec(
        in(tracing.provider(), names),
        tracing.tags(),
        tracing.clientPercent(),
        tracing.randomPercent(),
        tracing.overallPercent());
  }

  private static TracingSpec.Provider in(TracingSpec.Provider from, UnaryOperator<String> names) {
    if (from instanceof TracingSpec.Zipkin to) {
      // An empty host stands for the cluster's name, which is Kuma's.
      return new TracingSpec.Zipkin(
          names.apply(to.cluster()),
          to.endpoint(),
          to.host().isEmpty() ? to.cluster() : to.host(),
          to.traceId128Bit(),
          to.sharedSpan());
    } else if (from instanceof TracingSpec.Datadog to) {
      return new TracingSpec.Datadog(names.apply(to.cluster()), to.service());
    }
    TracingSpec.OpenTelemetry to = (TracingSpec.OpenTelemetry) from;
    return new TracingSpec.OpenTelemetry(names.apply(to.cluster()), to.service());
  }
}
