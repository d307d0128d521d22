package io.zoneproxy.cp.translate.log;

import io.zoneproxy.core.model.log.LogFilter;
import io.zoneproxy.core.model.policy.Predicate;
import io.zoneproxy.core.model.policy.Predicate.Input;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.cp.translate.value.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The expressions in CEL that kuma-cp writes: a comparison of one attribute with a text, or several
 * of which all must hold.
 */
final class Expressions {
  private static final String ATTRIBUTE =
      "connection\\.(requested_server_name|uri_san_peer_certificate)";

  /** A text in double quotes; a backslash would need CEL's rules of escaping. */
  private static final String TEXT = "\"([^\"\\\\]*)\"";

  private static final Pattern COMPARISON =
      Pattern.compile(
          "\\s*%1$s(?:\\s*==\\s*%2$s|\\.startsWith\\(\\s*%2$s\\s*\\))\\s*"
              .formatted(ATTRIBUTE, TEXT));

  private static final String AND = "&&";

  private static final int NAME = 1;
  private static final int EQUAL = 2;
  private static final int BEGIN = 3;

  private Expressions() {}

  static Optional<LogFilter> of(String expression, Problems problems) {
    List<Predicate> all = new ArrayList<>();
    Matcher matcher = COMPARISON.matcher(expression);
    boolean more = true;
    while (more && matcher.lookingAt()) {
      all.add(one(matcher));
      more = expression.startsWith(AND, matcher.end());
      if (!more && matcher.end() == expression.length()) {
        Predicate meaning = all.size() == 1 ? all.get(0) : new Predicate.And(all);
        return Optional.of(new LogFilter.Expression(expression, meaning));
      }
      matcher.region(more ? matcher.end() + AND.length() : matcher.end(), expression.length());
    }
    problems.add(
        expression,
        "connection.requested_server_name or connection.uri_san_peer_certificate, and == or"
            + " startsWith with a text; several with && between");
    return Optional.empty();
  }

  private static Predicate one(Matcher matcher) {
    Input input =
        matcher.group(NAME).equals("requested_server_name") ? Input.SERVER_NAME : Input.URI_SAN;
    String equal = matcher.group(EQUAL);
    return new Predicate.Single(
        input, equal == null ? StringMatch.prefix(matcher.group(BEGIN)) : StringMatch.exact(equal));
  }
}
