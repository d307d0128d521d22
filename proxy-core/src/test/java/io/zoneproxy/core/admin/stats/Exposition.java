package io.zoneproxy.core.admin.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A strict reader of the Prometheus text format: what it takes, Prometheus takes. */
final class Exposition {
  private static final Pattern TYPE =
      Pattern.compile("# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)");
  private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\n]|\\\\[\\\\\"n])*\"";
  private static final Pattern SERIES =
      Pattern.compile(
          "([a-zA-Z_:][a-zA-Z0-9_:]*)\\{((?:" + LABEL + "(?:," + LABEL + ")*)?)} (-?[0-9]+)");

  private final Map<String, String> types = new HashMap<>();
  private final Map<String, Long> values = new LinkedHashMap<>();
  private final Set<String> finished = new HashSet<>();
  private String family = "";
  private long lastBucket;

  private Exposition() {}

  static Exposition read(CharSequence text) {
    String page = text.toString();
    assertThat(page).endsWith("\n");
    Exposition exposition = new Exposition();
    for (String line : page.substring(0, page.length() - 1).split("\n", -1)) {
      exposition.line(line);
    }
    return exposition;
  }

  /** Series, as written, with their values. */
  Map<String, Long> values() {
    return values;
  }

  /** Metrics with their types. */
  Map<String, String> types() {
    return types;
  }

  private void line(String line) {
    Matcher type = TYPE.matcher(line);
    if (type.matches()) {
      finished.add(family);
      family = type.group(1);
      assertThat(finished).as("one block for each metric").doesNotContain(family);
      assertThat(types.put(family, type.group(2))).as(line).isNull();
      return;
    }
    Matcher series = SERIES.matcher(line);
    assertThat(series.matches()).as(line).isTrue();
    String name = series.group(1);
    long value = Long.parseLong(series.group(3));
    if ("histogram".equals(types.get(family))) {
      histogram(name, series.group(2), value);
    } else {
      assertThat(name).as("the block of its own name").isEqualTo(family);
    }
    assertThat(values.put(name + '{' + series.group(2) + '}', value)).as("new: " + line).isNull();
  }

  private void histogram(String name, String labels, long value) {
    if (name.equals(family + "_bucket")) {
      boolean first = labels.endsWith("le=\"0.5\"");
      assertThat(value).as(labels).isGreaterThanOrEqualTo(first ? 0 : lastBucket);
      lastBucket = value;
    } else if (name.equals(family + "_count")) {
      assertThat(value).as("count and last bucket").isEqualTo(lastBucket);
    } else {
      assertThat(name).isEqualTo(family + "_sum");
    }
  }
}
