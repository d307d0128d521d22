package io.zoneproxy.bench.side;

import io.zoneproxy.bench.load.Work;

/**
 * One row of the report.
 *
 * @param id for the command line and the CSV file
 * @param title for people
 * @param unit what costs are told of
 * @param work what the clients do
 * @param loops event loops, workers or threads of the proxy
 * @param kind how it is measured
 */
public record Workload(String id, String title, Unit unit, Work work, int loops, Kind kind) {
  /** How it is measured. */
  public enum Kind {
    /** CPU for what got done in an interval. */
    COST,
    /** Memory before and with idle connections, of a process started for it. */
    MEMORY,
    /** As COST, while the configuration changes; zoneproxy only. */
    PUSHES
  }

  /** What costs are told of. */
  public enum Unit {
    GIGABYTE("Gbit/s", 8e-9, "CPU s/GB", 1e9),
    CONNECTION("conn/s", 1, "CPU µs/conn", 1e6),
    REQUEST("req/s", 1, "CPU µs/req", 1e6),
    IDLE_CONNECTION("", 1, "bytes/conn", 1);

    private final String rateTitle;
    private final double rateFactor;
    private final String costTitle;
    private final double costFactor;

    Unit(String rateTitle, double rateFactor, String costTitle, double costFactor) {
      this.rateTitle = rateTitle;
      this.rateFactor = rateFactor;
      this.costTitle = costTitle;
      this.costFactor = costFactor;
    }

    String rateTitle() {
      return rateTitle;
    }

    String costTitle() {
      return costTitle;
    }

    /** What a table shows for so many bytes, connections or requests a second. */
    double rate(double perSecond) {
      return perSecond * rateFactor;
    }

    /** What a table shows for so many CPU seconds and bytes, connections or requests. */
    double cost(double cpuSeconds, long units) {
      return cpuSeconds / (double) units * costFactor;
    }
  }

  /** Whether latencies mean something. */
  boolean hasLatency() {
    return unit == Unit.CONNECTION || unit == Unit.REQUEST;
  }
}
