package io.zoneproxy.cp.translate.cluster;

import com.google.protobuf.UInt64Value;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.zoneproxy.core.model.balance.Balancing;
import io.zoneproxy.core.model.balance.Balancing.Hash;
import io.zoneproxy.cp.translate.value.Numbers;
import io.zoneproxy.cp.translate.value.Problems;

/** How endpoints are chosen; what is not said is Envoy's default, from its documentation. */
final class Balancings {
  private static final int CHOICES = 2;
  private static final double BIAS = 1.0;
  private static final long RING_LEAST = 1024;
  private static final long RING_MOST = 8 << 20; // points; also the most that may be said
  private static final long MAGLEV = 65_537;
  private static final long MAGLEV_MOST = 5_000_011; // a prime, Envoy's limit

  private Balancings() {}

  static Balancing of(Cluster from, Problems problems) {
    return switch (from.getLbPolicy()) {
      case ROUND_ROBIN -> Balancing.ROUND_ROBIN;
      case RANDOM -> new Balancing.Random();
      case LEAST_REQUEST ->
          leastRequest(from.getLeastRequestLbConfig(), problems.at("least_request_lb_config"));
      case RING_HASH -> ring(from.getRingHashLbConfig(), problems.at("ring_hash_lb_config"));
      case MAGLEV ->
          maglev(from.getMaglevLbConfig().getTableSize(), problems.at("maglev_lb_config"));
      default -> {
        problems
            .at("lb_policy")
            .add(from.getLbPolicy(), "ROUND_ROBIN, LEAST_REQUEST, RANDOM, RING_HASH or MAGLEV");
        yield Balancing.ROUND_ROBIN;
      }
    };
  }

  private static Balancing leastRequest(Cluster.LeastRequestLbConfig from, Problems problems) {
    Problems count = problems.at("choice_count");
    int choices = Numbers.count(from.hasChoiceCount(), from.getChoiceCount(), CHOICES, count);
    if (choices < CHOICES) {
      count.add(choices, "2 or more");
    }
    double bias =
        from.hasActiveRequestBias() ? from.getActiveRequestBias().getDefaultValue() : BIAS;
    if (!(bias >= 0)) {
      problems.at("active_request_bias").at("default_value").add(bias, "0 or more");
    }
    return new Balancing.LeastRequest(choices, bias);
  }

  private static Balancing ring(Cluster.RingHashLbConfig from, Problems problems) {
    long least = size(from.hasMinimumRingSize(), from.getMinimumRingSize(), RING_LEAST);
    long most = size(from.hasMaximumRingSize(), from.getMaximumRingSize(), RING_MOST);
    limit(most, RING_MOST, problems.at("maximum_ring_size"));
    if (least < 0 || least > most) {
      problems
          .at("minimum_ring_size")
          .add(Long.toUnsignedString(least), "at most the maximum, " + most);
    }
    Hash hash =
        switch (from.getHashFunction()) {
          case XX_HASH -> Hash.XX_HASH;
          case MURMUR_HASH_2 -> Hash.MURMUR_HASH_2;
          default -> {
            problems.at("hash_function").add(from.getHashFunction(), "XX_HASH or MURMUR_HASH_2");
            yield Hash.XX_HASH;
          }
        };
    return new Balancing.RingHash(hash, least, most);
  }

  private static Balancing maglev(UInt64Value from, Problems problems) {
    long size = from.getValue() == 0 ? MAGLEV : from.getValue();
    Problems at = problems.at("table_size");
    limit(size, MAGLEV_MOST, at);
    if (size > 0 && size <= MAGLEV_MOST && !prime(size)) {
      at.add(size, "a prime number");
    }
    return new Balancing.Maglev(size);
  }

  private static boolean prime(long number) {
    for (long factor = 2; factor * factor <= number; factor++) {
      if (number % factor == 0) {
        return false;
      }
    }
    return number > 1;
  }

  private static long size(boolean present, UInt64Value from, long absent) {
    return present ? from.getValue() : absent;
  }

  private static void limit(long value, long most, Problems problems) {
    if (value < 1 || value > most) {
      problems.add(Long.toUnsignedString(value), "1 to " + most);
    }
  }
}
