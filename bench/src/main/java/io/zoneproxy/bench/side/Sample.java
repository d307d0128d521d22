package io.zoneproxy.bench.side;

import java.util.Map;

/**
 * One workload of one peer in one round.
 *
 * @param round from 1 on
 * @param workload its id
 * @param peer its name
 * @param values what was measured; a metric that does not apply is missing
 * @param fault what was lost or changed; "" when nothing was
 */
record Sample(int round, String workload, String peer, Map<Metric, Double> values, String fault) {
  Sample {
    values = Map.copyOf(values);
  }
}
