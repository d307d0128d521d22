package io.zoneproxy.cp.fields;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The class of every field that kuma-cp may set for a zone proxy; what is not in it is refused.
 * Read from {@code fields.txt}, which is the one place where that is written down.
 */
public final class FieldTable {
  private static final String FILE = "fields.txt";

  private final Map<String, Rule> rules; // by full name of the field

  private FieldTable(Map<String, Rule> rules) {
    this.rules = Collections.unmodifiableMap(rules);
  }

  /**
   * A line of the table.
   *
   * @param reason why a field is harmless, or what it waits for; "" for the others
   */
  public record Rule(FieldClass fieldClass, String reason) {
    static final Rule REFUSED = new Rule(FieldClass.REFUSED, "");
  }

  /** Reads the program's table. */
  public static FieldTable load() {
    InputStream file = Objects.requireNonNull(FieldTable.class.getResourceAsStream(FILE), FILE);
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
      return parse(lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static FieldTable parse(BufferedReader lines) throws IOException {
    Map<String, Rule> rules = new LinkedHashMap<>();
    Map<String, FieldClass> classes = new HashMap<>();
    for (FieldClass each : FieldClass.values()) {
      classes.put(each.name().toLowerCase(Locale.ROOT), each);
    }
    String message = "";
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String text = line.strip();
      if (text.startsWith("[")) {
        message = text.substring(1, text.length() - 1);
      } else if (!text.isEmpty() && !text.startsWith("#")) {
        add(rules, message, text, classes);
      }
    }
    return new FieldTable(rules);
  }

  private static void add(
      Map<String, Rule> rules, String message, String line, Map<String, FieldClass> classes) {
    int hash = line.indexOf('#');
    String reason = hash < 0 ? "" : line.substring(hash + 1).strip();
    String[] words = (hash < 0 ? line : line.substring(0, hash)).strip().split("\\s+", -1);
    FieldClass fieldClass = classes.get(words[0]);
    if (fieldClass == null || (fieldClass != FieldClass.HONOURED && reason.isEmpty())) {
      throw new IllegalArgumentException(line + " (expected: class, fields, # reason)");
    }
    for (int i = 1; i < words.length; i++) {
      if (rules.put(message + "." + words[i], new Rule(fieldClass, reason)) != null) {
        throw new IllegalArgumentException(message + "." + words[i] + ": twice in the table");
      }
    }
  }

  /**
   * The rule for a field; one that refuses when the table does not know it.
   *
   * @param field full name; of a field that the message here does not have, message and number
   */
  public Rule rule(String field) {
    Rule known = rules.get(field);
    return known != null ? known : Rule.REFUSED;
  }

  /** Every field in it by its full name. */
  public Map<String, Rule> rules() {
    return rules;
  }
}
