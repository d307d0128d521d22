package io.zoneproxy.cp.translate.policy;

import io.envoyproxy.envoy.config.core.v3.CidrRange;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import io.zoneproxy.core.model.policy.Cidr;
import io.zoneproxy.core.model.policy.Fraction;
import io.zoneproxy.core.model.policy.TokenBucket;
import io.zoneproxy.cp.translate.value.Numbers;
import io.zoneproxy.cp.translate.value.Problems;
import java.time.Duration;
import java.util.Optional;

/** Token buckets, shares and ranges of addresses. */
public final class Limits {
  /** Envoy refuses shorter ones: its timers could not keep up. */
  private static final Duration LEAST_FILL = Duration.ofMillis(50);

  private static final int IPV4_BITS = 32;
  private static final int IPV6_BITS = 128;

  private Limits() {}

  /** A bucket; empty when something is wrong with it. */
  public static Optional<TokenBucket> bucket(
      io.envoyproxy.envoy.type.v3.TokenBucket from, Problems problems) {
    int most = Numbers.count(from.getMaxTokens(), problems.at("max_tokens"));
    Problems perFill = problems.at("tokens_per_fill");
    int fill = Numbers.count(from.hasTokensPerFill(), from.getTokensPerFill(), 1, perFill);
    Duration interval = Numbers.duration(from.getFillInterval(), problems.at("fill_interval"));
    boolean wrong = false;
    if (most < 1) {
      problems.at("max_tokens").add(most, "1 or more");
      wrong = true;
    }
    if (fill < 1) {
      perFill.add(fill, "1 or more");
      wrong = true;
    }
    if (interval.compareTo(LEAST_FILL) < 0) {
      problems.at("fill_interval").add(interval, "50ms or more");
      wrong = true;
    }
    return wrong ? Optional.empty() : Optional.of(new TokenBucket(most, fill, interval));
  }

  /** A share. */
  public static Fraction fraction(FractionalPercent from, Problems problems) {
    int of =
        switch (from.getDenominator()) {
          case HUNDRED -> 100;
          case TEN_THOUSAND -> 10_000;
          case MILLION -> 1_000_000;
          default -> {
            problems.at("denominator").add(from.getDenominator(), "HUNDRED to MILLION");
            yield 1;
          }
        };
    return new Fraction(Numbers.count(from.getNumerator(), problems.at("numerator")), of);
  }

  /** A range; one with a prefix that is too long is noted. */
  public static Cidr cidr(CidrRange from, Problems problems) {
    String address = from.getAddressPrefix();
    int most = address.indexOf(':') >= 0 ? IPV6_BITS : IPV4_BITS;
    int bits =
        Numbers.count(from.hasPrefixLen(), from.getPrefixLen(), 0, problems.at("prefix_len"));
    if (bits > most) {
      problems.at("prefix_len").add(bits, "0 to " + most);
    }
    if (address.isEmpty()) {
      problems.at("address_prefix").add("empty", "an IP address");
    }
    return new Cidr(address, bits);
  }
}
