package io.zoneproxy.core.resource.policy;

import io.zoneproxy.core.model.log.LogFormat;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an entry of a policy sets, by the path of the field ({@code outlierDetection.interval}). A
 * section that is there has its own path too, so that an empty one differs from none. Only what was
 * written is there: defaults are the translation's, which sees the merged whole.
 *
 * @param values of type {@code Duration}, {@code Integer}, {@code BigDecimal}, {@code Boolean},
 *     {@code String}, {@code LogFormat}, {@code Settings.Labels}, or lists of {@code String},
 *     {@code Integer} or {@code Settings}
 */
public record Settings(Map<String, Object> values) {
  /** Nothing. */
  public static final Settings NONE = new Settings(Map.of());

  public Settings {
    values = Map.copyOf(values);
  }

  /** All of them: where several say something the last one counts; a list is one value. */
  public static Settings merged(List<Settings> all) {
    Map<String, Object> values = new HashMap<>();
    all.forEach(each -> values.putAll(each.values));
    return new Settings(values);
  }

  /** Whether the field, or the section, is there. */
  public boolean has(String path) {
    return values.containsKey(path);
  }

  /** A time. */
  public Optional<Duration> time(String path) {
    return value(path, Duration.class);
  }

  /** A whole number. */
  public Optional<Integer> number(String path) {
    return value(path, Integer.class);
  }

  /** A number with decimals. */
  public Optional<BigDecimal> decimal(String path) {
    return value(path, BigDecimal.class);
  }

  /** True when it is there and says so. */
  public boolean flag(String path) {
    return value(path, Boolean.class).orElse(false);
  }

  /** A text. */
  public Optional<String> text(String path) {
    return value(path, String.class);
  }

  /** Texts; none when absent. */
  public List<String> texts(String path) {
    return list(path, String.class);
  }

  /** Whole numbers; none when absent. */
  public List<Integer> numbers(String path) {
    return list(path, Integer.class);
  }

  /** Texts by name, labels for example; none when absent. */
  public Map<String, String> labels(String path) {
    return value(path, Labels.class).map(Labels::values).orElse(Map.of());
  }

  /** The form of a record. */
  public Optional<LogFormat> format(String path) {
    return value(path, LogFormat.class);
  }

  /** Parts with settings of their own; none when absent. */
  public List<Settings> parts(String path) {
    return list(path, Settings.class);
  }

  private <T> Optional<T> value(String path, Class<T> type) {
    return Optional.ofNullable(values.get(path)).map(type::cast);
  }

  private <T> List<T> list(String path, Class<T> type) {
    return values.get(path) instanceof List<?> list
        ? list.stream().map(type::cast).toList()
        : List.of();
  }

  /** Texts by name. */
  public record Labels(Map<String, String> values) {
    public Labels {
      values = Map.copyOf(values);
    }
  }
}
