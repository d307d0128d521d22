package io.zoneproxy.cp.translate.log;

import io.zoneproxy.core.model.log.LogFilter;
import io.zoneproxy.core.model.policy.Predicate;
import io.zoneproxy.core.model.policy.Predicate.Input;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.cp.translate.value.Problems;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The expressions in CEL that kuma-cp writes: one comparison of one attribute with a text. */
final class Expressions {
  private static final String ATTRIBUTE =
      "connection\\.(requested_server_name|uri_san_peer_certificate)";

  /** A text in double quotes; a backslash would need CEL's rules of escaping. */
  private static final String TEXT = "\"([^\"\\\\]*)\"";

  private static final Pattern EQUAL = Pattern.compile(ATTRIBUTE + "\\s*==\\s*" + TEXT);
  private static final Pattern BEGINS =
      Pattern.compile(ATTRIBUTE + "\\.startsWith\\(\\s*" + TEXT + "\\s*\\)");

  private static final int NAME = 1;
  private static final int VALUE = 2;

  private Expressions() {}

  static Optional<LogFilter> of(String expression, Problems problems) {
    String text = expression.strip();
    Matcher equal = EQUAL.matcher(text);
    if (equal.matches()) {
      return some(expression, equal.group(NAME), StringMatch.exact(equal.group(VALUE)));
    }
    Matcher begins = BEGINS.matcher(text);
    if (begins.matches()) {
      return some(expression, begins.group(NAME), StringMatch.prefix(begins.group(VALUE)));
    }
    problems.add(
        expression,
        "connection.requested_server_name or connection.uri_san_peer_certificate, and == or"
            + " startsWith with a text");
    return Optional.empty();
  }

  private static Optional<LogFilter> some(String expression, String name, StringMatch value) {
    Input input = name.equals("requested_server_name") ? Input.SERVER_NAME : Input.URI_SAN;
    return Optional.of(new LogFilter.Expression(expression, new Predicate.Single(input, value)));
  }
}
