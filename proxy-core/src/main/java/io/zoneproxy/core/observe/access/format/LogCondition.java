package io.zoneproxy.core.observe.access.format;

import io.zoneproxy.core.model.policy.Predicate;
import io.zoneproxy.core.model.policy.StringMatch;
import java.util.List;
import java.util.Locale;

/** A condition of a log on its connections, compiled. Any thread. */
@FunctionalInterface
public interface LogCondition {
  /** Whether the connection is to be logged. */
  boolean test(LoggedConnection connection);

  /**
   * Compiles a condition.
   *
   * @throws IllegalArgumentException for a regular expression: the JDK's own could be made to take
   *     for ever by the name that a client sends
   */
  static LogCondition of(Predicate predicate) {
    if (predicate instanceof Predicate.Single one) {
      StringMatch match = one.value();
      if (match.kind() == StringMatch.Kind.REGEX) {
        throw new IllegalArgumentException(
            "regular expression " + match.value() + " (expected: no regular expression)");
      }
      return switch (one.input()) {
        case SERVER_NAME -> logged -> matches(match, logged.connection().serverName());
        case URI_SAN -> logged -> matches(match, logged.peerUriSan());
      };
    } else if (predicate instanceof Predicate.And and) {
      List<LogCondition> all = and.all().stream().map(LogCondition::of).toList();
      return logged -> all.stream().allMatch(each -> each.test(logged));
    } else if (predicate instanceof Predicate.Or or) {
      List<LogCondition> any = or.any().stream().map(LogCondition::of).toList();
      return logged -> any.stream().anyMatch(each -> each.test(logged));
    }
    LogCondition not = of(((Predicate.Not) predicate).of());
    return logged -> !not.test(logged);
  }

  private static boolean matches(StringMatch match, String text) {
    String value = match.ignoreCase() ? lower(match.value()) : match.value();
    String given = match.ignoreCase() ? lower(text) : text;
    return switch (match.kind()) {
      case EXACT -> given.equals(value);
      case PREFIX -> given.startsWith(value);
      case SUFFIX -> given.endsWith(value);
      case CONTAINS -> given.contains(value);
      case REGEX -> false; // never compiled
    };
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
