package io.zoneproxy.core.admin.metric;

import static io.zoneproxy.core.admin.metric.Metric.counter;

import io.zoneproxy.core.observe.TlsStats;
import java.util.List;
import java.util.function.Function;

/** What is told of TLS handshakes: the same for listeners and for clusters. */
final class TlsMetrics {
  private static final List<Metric<TlsStats>> COUNTERS =
      List.of(
          counter("ssl.connection_error", tls -> tls.connectionError.sum()),
          counter("ssl.fail_verify_error", tls -> tls.failVerifyError.sum()),
          counter("ssl.fail_verify_no_cert", tls -> tls.failVerifyNoCert.sum()),
          counter("ssl.fail_verify_san", tls -> tls.failVerifySan.sum()),
          counter("ssl.handshake", tls -> tls.handshake.sum()),
          counter("ssl.no_certificate", tls -> tls.noCertificate.sum()),
          counter("ssl.session_reused", tls -> tls.sessionReused.sum()));

  private TlsMetrics() {}

  /** Those of these subjects, under their names. */
  static <T> StatGroup<TlsStats> group(
      String prefix, List<Subject<T>> subjects, Function<T, TlsStats> stats) {
    return new StatGroup<>(
        prefix,
        COUNTERS,
        subjects.stream()
            .map(
                each ->
                    new Subject<>(
                        each.path(), each.labels(), each.sources().stream().map(stats).toList()))
            .toList());
  }
}
