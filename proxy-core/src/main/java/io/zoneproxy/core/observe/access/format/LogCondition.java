package io.zoneproxy.core.observe.access.format;

import io.zoneproxy.core.model.policy.Predicate;
import io.zoneproxy.core.observe.access.operator.LoggedConnection;
import io.zoneproxy.core.text.TextTest;
import java.util.List;

/** A condition of a log on its connections, compiled. Any thread. */
@FunctionalInterface
public interface LogCondition {
  /** Whether the connection is to be logged. */
  boolean test(LoggedConnection connection);

  /**
   * Compiles a condition.
   *
   * @throws IllegalArgumentException for a regular expression that is none, or that is too large
   */
  static LogCondition of(Predicate predicate) {
    if (predicate instanceof Predicate.Single one) {
      java.util.function.Predicate<String> value = TextTest.of(one.value());
      return switch (one.input()) {
        case SERVER_NAME -> logged -> value.test(logged.connection().serverName());
        case URI_SAN -> logged -> value.test(logged.firstPeerUri());
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
}
