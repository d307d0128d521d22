package io.zoneproxy.bench.side;

/** What a sample may hold; a column of the CSV file. */
enum Metric {
  /** Bytes, connections or requests a second. */
  PER_SECOND,
  /** The proxy's CPU, or memory, for a unit, as the workload's unit says. */
  COST,
  /** The load generator's CPU for a unit. */
  GENERATOR_COST,
  /** Latency in microseconds. */
  P50_MICROS,
  P99_MICROS,
  /** Resident memory in bytes. */
  RESIDENT_BEFORE,
  RESIDENT_WITH,
  THREADS,
  /** Configurations written, and those that the proxy applied, in the interval, a second. */
  PUSHED_PER_SECOND,
  APPLIED_PER_SECOND,
  /** TCP memory of the machine before the interval, in bytes. */
  TCP_MEMORY
}
