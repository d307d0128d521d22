package io.zoneproxy.bench.side;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A small run: two rounds of one workload. */
final class Samples {
  static final Workload CONNECT = Workloads.of(List.of("conn-16")).get(0);
  static final Workload IDLE = Workloads.of(List.of("idle")).get(0);
  static final List<Peer> PEERS = Peers.all(Path.of("repository"), "");

  private Samples() {}

  static Sample sample(int round, Workload workload, String peer, double cost) {
    return new Sample(
        round,
        workload.id(),
        peer,
        Map.of(Metric.COST, cost, Metric.PER_SECOND, 25_000.0, Metric.P99_MICROS, 1_917.0),
        "");
  }

  /** HAProxy's best is the spliced row, 50; zoneproxy costs 40. */
  static Results connections() {
    return new Results(
        List.of(
            new Sample(1, CONNECT.id(), Direct.NAME, Map.of(Metric.PER_SECOND, 46_000.0), ""),
            sample(1, CONNECT, Haproxy.NAME, 60),
            sample(1, CONNECT, Haproxy.SPLICE_NAME, 45),
            sample(1, CONNECT, Zoneproxy.NAME, 30),
            sample(2, CONNECT, Haproxy.NAME, 60),
            sample(2, CONNECT, Haproxy.SPLICE_NAME, 55),
            sample(2, CONNECT, Zoneproxy.NAME, 50),
            new Sample(2, CONNECT.id(), "sniproxy", Map.of(), "it \"failed\"\nbadly")));
  }
}
