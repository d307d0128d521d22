package io.zoneproxy.core.observe.access.format;

import io.zoneproxy.core.observe.access.operator.Field;
import io.zoneproxy.core.observe.access.operator.LoggedConnection;
import io.zoneproxy.core.observe.access.operator.Operator;
import io.zoneproxy.core.observe.access.operator.Operators;
import io.zoneproxy.core.observe.access.operator.ShownText;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A text with operators in it, compiled. */
final class Template {
  /** Name, parameters, length; what is inside the parentheses may hold parentheses and percents. */
  private static final Pattern OPERATOR =
      Pattern.compile("%([A-Z0-9_]+)(?:\\((.*?)\\))?(?::([0-9]{1,9}))?%", Pattern.DOTALL);

  private final List<Part> parts;

  private Template(List<Part> parts) {
    this.parts = parts;
  }

  /**
   * A piece of the text.
   *
   * @param literal stands as it is when there is no field
   * @param field whose value stands here
   * @param oneWord see {@link Operator#oneWord()}
   * @param maxLength of a text in characters
   */
  private record Part(String literal, @Nullable Field field, boolean oneWord, int maxLength) {
    static Part literal(String text) {
      return new Part(text, null, false, Integer.MAX_VALUE);
    }

    @Nullable Object value(LoggedConnection connection) {
      Object value = field == null ? literal : field.of(connection);
      return value instanceof String text ? ShownText.cut(text, maxLength) : value;
    }
  }

  /**
   * Compiles a text.
   *
   * @param problems takes what is wrong with it; then the template must not be used
   */
  static Template of(String text, Consumer<String> problems) {
    List<Part> parts = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    Matcher operator = OPERATOR.matcher(text);
    int at = 0;
    while (at < text.length()) {
      int percent = text.indexOf('%', at);
      literal.append(text, at, percent < 0 ? text.length() : percent);
      if (percent < 0) {
        break;
      }
      if (text.startsWith("%%", percent)) {
        literal.append('%');
        at = percent + 2;
      } else if (operator.region(percent, text.length()).lookingAt()) {
        endLiteral(literal, parts);
        parts.add(part(operator, problems));
        at = operator.end();
      } else {
        problems.accept(
            "the % at character "
                + percent
                + " begins no operator (expected: %NAME%, %NAME(…)% or %NAME(…):9%; %% for a"
                + " percent sign)");
        break;
      }
    }
    endLiteral(literal, parts);
    return new Template(List.copyOf(parts));
  }

  private static void endLiteral(StringBuilder literal, List<Part> parts) {
    if (!literal.isEmpty()) {
      parts.add(Part.literal(literal.toString()));
      literal.setLength(0);
    }
  }

  private static Part part(Matcher found, Consumer<String> problems) {
    String name = found.group(1);
    String parameters = found.group(2);
    String length = found.group(3); // the third pair of parentheses
    String where = '%' + name + "% at character " + found.start();
    Operator operator = Operators.byName(name);
    if (operator == null) {
      problems.accept(where + " is not known (expected: an operator of Envoy's access logs)");
      return Part.literal("");
    }
    String problem = problem(operator.parameters(), parameters);
    if (!problem.isEmpty()) {
      problems.accept(where + ": " + problem);
      return Part.literal("");
    }
    int max = length == null ? Integer.MAX_VALUE : Integer.parseInt(length);
    try {
      Field field = operator.factory().create(parameters == null ? "" : parameters);
      return new Part("", field, operator.oneWord(), max);
    } catch (IllegalArgumentException e) {
      problems.accept(where + ": parameters " + parameters + " (expected: " + e.getMessage() + ")");
      return Part.literal("");
    }
  }

  private static String problem(Operator.Parameters allowed, @Nullable String parameters) {
    if (allowed == Operator.Parameters.NONE && parameters != null) {
      return "takes no parameters, and has (" + parameters + ")";
    }
    boolean missing = parameters == null || parameters.isEmpty();
    return allowed == Operator.Parameters.REQUIRED && missing ? "its parameters are missing" : "";
  }

  /** For a record in text: values are escaped, what is absent is "-". */
  void appendTo(StringBuilder out, LoggedConnection connection) {
    for (Part part : parts) {
      Object value = part.field() == null ? part.literal() : part.value(connection);
      if (value instanceof String text && part.field() != null) {
        ShownText.append(out, text, part.oneWord());
      } else {
        out.append(value == null ? "-" : value);
      }
    }
  }

  /**
   * For a value in JSON: of its own type when the text is exactly one operator.
   *
   * @param absent stands for a value that there is none of, between others
   * @return a Long, a String that is not escaped, or null
   */
  @Nullable Object value(LoggedConnection connection, String absent) {
    if (parts.size() == 1) {
      return parts.get(0).value(connection);
    }
    StringBuilder out = new StringBuilder();
    for (Part part : parts) {
      Object value = part.value(connection);
      out.append(value == null ? absent : value);
    }
    return out.toString();
  }
}
