package io.zoneproxy.egress.policy;

import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.http.HttpFilter.Abort;
import io.zoneproxy.core.model.http.HttpFilter.Bandwidth;
import io.zoneproxy.core.model.http.HttpFilter.Delay;
import io.zoneproxy.core.model.policy.Fraction;
import io.zoneproxy.core.model.policy.HeaderMatch;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.resource.policy.Settings;
import io.zoneproxy.core.resource.policy.Target;
import io.zoneproxy.core.resource.policy.TrafficPermission;
import io.zoneproxy.core.resource.policy.Treatment.Entry;
import io.zoneproxy.ingress.translate.Tags;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Faults on purpose. Callers are told by the header that sidecars add with their tags, and the last
 * entry that fits a caller is the one that counts.
 */
final class Faults {
  private static final String HEADER = "x-kuma-tags";

  /** Parts that Envoy counts in: hundredths, and finer ones where decimals are written. */
  private static final int[] PARTS = {100, 10_000, 1_000_000};

  private static final int PERCENT = 100;
  private static final int KILO_OF_MEGA = 1_000;
  private static final int KILO_OF_GIGA = 1_000_000;

  private Faults() {}

  /** The last entry's first: it is the most specific one. */
  static List<HttpFilter> of(List<Entry> entries) {
    List<HttpFilter> faults = new ArrayList<>();
    for (int i = entries.size() - 1; i >= 0; i--) {
      List<Entry> later = entries.subList(i + 1, entries.size());
      for (Settings each : entries.get(i).settings().parts("http")) {
        for (List<HeaderMatch> callers : callers(entries.get(i), later)) {
          faults.add(fault(each, callers));
        }
      }
    }
    return faults;
  }

  /** One for whoever it meets. */
  static HttpFilter ofAll(Settings set) {
    return fault(set, List.of());
  }

  private static HttpFilter.Fault fault(Settings set, List<HeaderMatch> callers) {
    return new HttpFilter.Fault(
        set.number("abort.httpStatus").map(status -> new Abort(status, share(set, "abort"))),
        set.time("delay.value").map(time -> new Delay(time, share(set, "delay"))),
        set.text("responseBandwidth.limit")
            .map(limit -> new Bandwidth(kilo(limit), share(set, "responseBandwidth"))),
        callers);
  }

  /** Those of an entry whom no later one takes: groups of which a caller is in one at most. */
  private static List<List<HeaderMatch>> callers(Entry entry, List<Entry> later) {
    List<List<HeaderMatch>> groups = new ArrayList<>();
    groups.add(tags(entry.of()));
    for (Entry other : later) {
      List<HeaderMatch> wanted = tags(other.of());
      List<List<HeaderMatch>> narrowed = new ArrayList<>();
      for (List<HeaderMatch> group : groups) {
        for (int i = 0; i < wanted.size(); i++) {
          List<HeaderMatch> all = new ArrayList<>(group);
          all.addAll(wanted.subList(0, i));
          HeaderMatch not = wanted.get(i);
          all.add(new HeaderMatch(not.name(), not.value(), true));
          narrowed.add(all);
        }
      }
      groups = narrowed;
    }
    return groups;
  }

  private static List<HeaderMatch> tags(Target target) {
    Map<String, String> tags = new TreeMap<>(target.tags());
    if (!target.name().isEmpty()) {
      tags.put(Tags.SERVICE, target.name());
    }
    return tags.entrySet().stream().map(tag -> match(tag.getKey(), tag.getValue())).toList();
  }

  /** The header reads {@code &kuma.io/service=web&&version=v1,v2&}. */
  private static HeaderMatch match(String tag, String value) {
    String wanted = value.equals(TrafficPermission.ANY) ? "" : plain(value);
    String pattern = ".*&" + plain(tag) + "=[^&]*" + wanted + "[,&].*";
    return new HeaderMatch(
        HEADER, Optional.of(new StringMatch(StringMatch.Kind.REGEX, pattern, false)), false);
  }

  /** What no tag has in Kuma must not be a part of the expression; dots stay, as with kuma-cp. */
  private static String plain(String text) {
    return text.replaceAll("([^A-Za-z0-9._/:-])", "\\\\$1");
  }

  /** All of them when nothing is written. */
  private static Fraction share(Settings set, String section) {
    BigDecimal percent =
        set.decimal(section + ".percentage")
            .orElse(BigDecimal.valueOf(PERCENT))
            .stripTrailingZeros();
    for (int parts : PARTS) {
      BigDecimal count = percent.multiply(BigDecimal.valueOf(parts / PERCENT)).stripTrailingZeros();
      if (count.scale() <= 0) {
        return new Fraction(count.intValue(), parts);
      }
    }
    int finest = PARTS[PARTS.length - 1];
    return new Fraction(percent.multiply(BigDecimal.valueOf(finest / PERCENT)).intValue(), finest);
  }

  private static long kilo(String limit) {
    long number = Long.parseLong(limit.replaceAll("\\D", ""));
    long unit = limit.endsWith("Gbps") ? KILO_OF_GIGA : limit.endsWith("Mbps") ? KILO_OF_MEGA : 1;
    return Math.max(1, number * unit);
  }
}
