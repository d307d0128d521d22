package io.zoneproxy.core.config.kuma.policy;

import io.zoneproxy.core.config.yaml.Durations;
import io.zoneproxy.core.config.yaml.Fields;
import io.zoneproxy.core.config.yaml.Shown;
import io.zoneproxy.core.model.log.LogFormat;
import io.zoneproxy.core.resource.policy.Settings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The fields of a section, with what each may hold. Built once, then for any thread. */
final class Schema {
  /** Reads a field of a section; empty when it is wrong, which was reported. */
  private interface Type extends BiFunction<Fields, String, Optional<?>> {}

  private final Map<String, Type> types = new LinkedHashMap<>();
  private final Map<String, Schema> sections = new LinkedHashMap<>();
  private final List<Consumer<Fields>> checks = new ArrayList<>();

  /** What was written in a section. Fields that are not known are warned of. */
  Settings read(Fields fields) {
    Map<String, Object> values = new HashMap<>();
    read(fields, "", values);
    return new Settings(values);
  }

  private void read(Fields fields, String path, Map<String, Object> values) {
    List<String> known = new ArrayList<>(types.keySet());
    known.addAll(sections.keySet());
    fields.known(known);
    checks.forEach(check -> check.accept(fields));
    types.forEach(
        (name, type) -> {
          if (fields.has(name)) {
            type.apply(fields, name).ifPresent(value -> values.put(path + name, value));
          }
        });
    sections.forEach(
        (name, section) ->
            fields
                .mapping(name)
                .ifPresent(
                    inner -> {
                      values.put(path + name, true);
                      section.read(inner, path + name + ".", values);
                    }));
  }

  /** A time above zero. */
  Schema time(String name) {
    return add(name, Durations::positive);
  }

  /** A time, which may be zero. */
  Schema timeOrZero(String name) {
    return add(name, Durations::orZero);
  }

  Schema number(String name, int min, int max) {
    return add(name, (fields, field) -> Optional.of(fields.number(field, min, max, min)));
  }

  /** A prime number. */
  Schema prime(String name, int max) {
    return add(
        name,
        (fields, field) -> {
          int number = fields.number(field, 2, max, 2);
          if (!isPrime(number)) {
            fields.error(field, number + " (expected: a prime number up to " + max + ")");
          }
          return Optional.of(number);
        });
  }

  private static boolean isPrime(int number) {
    for (int factor = 2; factor <= number / factor; factor++) {
      if (number % factor == 0) {
        return false;
      }
    }
    return true;
  }

  /** Zero or above, with decimals. */
  Schema decimal(String name, int max) {
    return add(name, (fields, field) -> fields.decimal(field, max));
  }

  Schema flag(String name) {
    return add(name, (fields, field) -> Optional.of(fields.flag(field, false)));
  }

  Schema text(String name) {
    return add(name, (fields, field) -> Optional.of(fields.text(field)));
  }

  Schema choice(String name, String... words) {
    return add(name, (fields, field) -> Optional.of(fields.choice(field, List.of(words))));
  }

  /** A text of a form. */
  Schema matching(String name, Pattern form, String expected) {
    return add(
        name,
        (fields, field) -> {
          String text = fields.text(field);
          if (!form.matcher(text).matches()) {
            fields.error(field, Shown.text(text) + " (expected: " + expected + ")");
          }
          return Optional.of(text);
        });
  }

  /** Texts by name. */
  Schema labels(String name) {
    return add(name, (fields, field) -> Optional.of(new Settings.Labels(fields.texts(field))));
  }

  /** A field that is read by another class. */
  Schema format(String name, BiFunction<Fields, String, Optional<LogFormat>> reader) {
    return add(name, reader::apply);
  }

  /** Looks at what the fields must be together, and reports it. */
  Schema check(Consumer<Fields> check) {
    checks.add(check);
    return this;
  }

  Schema texts(String name) {
    return add(name, (fields, field) -> Optional.of(fields.items(field)));
  }

  Schema numbers(String name, int min, int max) {
    return add(
        name,
        (fields, field) -> {
          List<Integer> numbers = new ArrayList<>();
          for (String item : fields.items(field)) {
            boolean fits = item.matches("\\d{1,9}") && between(item, min, max);
            if (fits) {
              numbers.add(Integer.valueOf(item));
            } else {
              fields.error(
                  field, Shown.text(item) + " (expected: %d to %d each)".formatted(min, max));
            }
          }
          return Optional.of(numbers);
        });
  }

  /** A field that Kuma has and that makes no difference here, which is said. */
  Schema unused(String name) {
    return add(
        name,
        (fields, field) -> {
          fields.warning(field, "has no effect from resource files (expected: a control plane)");
          return Optional.empty();
        });
  }

  Schema section(String name, Schema inner) {
    sections.put(name, inner);
    return this;
  }

  /** A list of sections. */
  Schema sections(String name, Schema inner) {
    return add(
        name,
        (fields, field) -> Optional.of(fields.mappings(field).stream().map(inner::read).toList()));
  }

  /** A list of so many sections. */
  Schema sections(String name, Schema inner, int least, int most) {
    return add(
        name,
        (fields, field) -> {
          List<Fields> all = fields.mappings(field);
          if (all.size() < least || all.size() > most) {
            fields.error(field, "%d (expected: %d to %d)".formatted(all.size(), least, most));
          }
          return Optional.of(all.stream().map(inner::read).toList());
        });
  }

  private Schema add(String name, Type type) {
    types.put(name, type);
    return this;
  }

  private static boolean between(String digits, int min, int max) {
    int number = Integer.parseInt(digits);
    return number >= min && number <= max;
  }
}
