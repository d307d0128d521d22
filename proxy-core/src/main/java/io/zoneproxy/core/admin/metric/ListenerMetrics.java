package io.zoneproxy.core.admin.metric;

import static io.zoneproxy.core.admin.metric.Metric.counter;
import static io.zoneproxy.core.admin.metric.Metric.gauge;

import io.netty.util.NetUtil;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ListenerStats;
import io.zoneproxy.core.observe.ListenerStatus;
import io.zoneproxy.core.observe.request.HttpStats;
import java.util.ArrayList;
import java.util.List;

/** What is told of listeners and of the ClientHellos that they saw. */
final class ListenerMetrics {
  private static final List<Metric<ListenerStatus>> COUNTERS =
      List.of(
          gauge("downstream_cx_active", listener -> listener.stats().active.sum()),
          counter("downstream_cx_destroy", listener -> listener.stats().destroyed.sum()),
          counter("downstream_cx_overflow", listener -> listener.stats().overflow.sum()),
          counter(
              "downstream_cx_overload_reject",
              listener -> closed(listener, CloseReason.NO_DESCRIPTORS)),
          counter("downstream_cx_total", listener -> listener.stats().total.sum()),
          counter(
              "downstream_listener_filter_remote_close",
              listener ->
                  listener.stats().silent.sum() + closed(listener, CloseReason.HELLO_INCOMPLETE)),
          counter(
              "downstream_pre_cx_timeout", listener -> closed(listener, CloseReason.HELLO_TIMEOUT)),
          counter(
              "no_filter_chain_match",
              listener ->
                  closed(listener, CloseReason.NO_ROUTE) + closed(listener, CloseReason.NO_SNI)));

  /** Envoy has one inspector for all listeners. */
  private static final List<Metric<List<ListenerStatus>>> INSPECTOR =
      List.of(
          counter("client_hello_too_large", all -> closedInAll(all, CloseReason.HELLO_TOO_LONG)),
          counter("sni_found", all -> sniFound(all)),
          counter("sni_not_found", all -> sniMissing(all)),
          counter("tls_found", all -> sniFound(all) + sniMissing(all)),
          counter(
              "tls_not_found",
              all ->
                  all.stream().mapToLong(listener -> listener.stats().plain.sum()).sum()
                      + closedInAll(all, CloseReason.NOT_TLS)
                      + closedInAll(all, CloseReason.MALFORMED_HELLO)));

  private static final List<Metric<ListenerStats>> OURS =
      List.of(
          counter("connections_silent", stats -> stats.silent.sum()),
          counter("listener_rx_bytes", stats -> stats.rxBytes.sum()),
          counter("listener_tx_bytes", stats -> stats.txBytes.sum()));

  private static final List<Metric<Ended>> ENDS =
      List.of(counter("connections_closed", ended -> ended.stats().closed(ended.reason()).sum()));

  private ListenerMetrics() {}

  private record Ended(ListenerStats stats, CloseReason reason) {}

  static List<StatGroup<?>> groups(List<ListenerStatus> listeners, List<HttpStats> http) {
    List<ListenerStats> stats = listeners.stream().map(ListenerStatus::stats).toList();
    List<Subject<ListenerStatus>> named =
        Subject.named("listener", "envoy_listener_address", listeners, ListenerMetrics::statName);
    return List.of(
        new StatGroup<>("envoy_listener_", COUNTERS, named),
        TlsMetrics.group("envoy_listener_", named, listener -> listener.stats().tls),
        RbacMetrics.group(stats, http),
        new StatGroup<>(
            "envoy_tls_inspector_", INSPECTOR, List.of(Subject.single("tls_inspector", listeners))),
        new StatGroup<>(
            "zoneproxy_", OURS, Subject.named("zoneproxy", "listener", stats, ListenerStats::name)),
        new StatGroup<>("zoneproxy_", ENDS, ends(stats)));
  }

  /** The prefix that was configured, else the address as Envoy has it in names: without a colon. */
  private static String statName(ListenerStatus listener) {
    return listener.statPrefix().isEmpty()
        ? NetUtil.toSocketAddressString(listener.address()).replace(':', '_')
        : listener.statPrefix();
  }

  /** Every reason of every listener, also those that were not seen yet: rates begin at zero. */
  private static List<Subject<Ended>> ends(List<ListenerStats> listeners) {
    List<Subject<Ended>> ends = new ArrayList<>();
    for (Subject<ListenerStats> listener :
        Subject.named("zoneproxy", "listener", listeners, ListenerStats::name)) {
      for (CloseReason reason : CloseReason.values()) {
        String labels =
            String.join(
                ",",
                listener.labels(),
                Subject.label("reason", reason.name()),
                Subject.label("origin", reason.origin().label()));
        List<Ended> sources =
            listener.sources().stream().map(stats -> new Ended(stats, reason)).toList();
        ends.add(new Subject<>(listener.path() + '.' + reason.name(), labels, sources));
      }
    }
    return ends;
  }

  private static long closed(ListenerStatus listener, CloseReason reason) {
    return listener.stats().closed(reason).sum();
  }

  private static long closedInAll(List<ListenerStatus> all, CloseReason reason) {
    return all.stream().mapToLong(listener -> closed(listener, reason)).sum();
  }

  private static long sniFound(List<ListenerStatus> all) {
    return all.stream().mapToLong(listener -> listener.stats().sniFound.sum()).sum();
  }

  private static long sniMissing(List<ListenerStatus> all) {
    return all.stream().mapToLong(listener -> listener.stats().sniMissing.sum()).sum();
  }
}
