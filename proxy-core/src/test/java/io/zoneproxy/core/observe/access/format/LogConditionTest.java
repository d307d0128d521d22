package io.zoneproxy.core.observe.access.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zoneproxy.core.model.policy.Predicate;
import io.zoneproxy.core.model.policy.Predicate.Input;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.model.policy.StringMatch.Kind;
import io.zoneproxy.core.observe.access.operator.Logged;
import io.zoneproxy.core.observe.access.operator.LoggedConnection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogConditionTest {
  @ParameterizedTest
  @CsvSource({
    "EXACT, sni.a.b, false, true",
    "EXACT, SNI.A.B, false, false",
    "EXACT, SNI.A.B, true, true",
    "PREFIX, sni., false, true",
    "PREFIX, a, false, false",
    "SUFFIX, .b, false, true",
    "CONTAINS, .a., false, true",
    "CONTAINS, .A., true, true",
    "CONTAINS, x, true, false",
    "REGEX, 'sni[.](a|b)[.].', false, true",
    "REGEX, 'sni[.]a', false, false",
  })
  void looksAtTheServerName(Kind kind, String value, boolean ignoreCase, boolean matches) {
    Predicate predicate =
        new Predicate.Single(Input.SERVER_NAME, new StringMatch(kind, value, ignoreCase));

    assertThat(LogCondition.of(predicate).test(Logged.withServerName("sni.a.b")))
        .isEqualTo(matches);
  }

  @Test
  void looksAtTheUriSan() {
    Predicate predicate =
        new Predicate.Single(Input.URI_SAN, StringMatch.prefix("spiffe://default/"));

    assertThat(LogCondition.of(predicate).test(Logged.relayed())).isTrue();
    assertThat(LogCondition.of(predicate).test(Logged.withServerName("a"))).isFalse();
  }

  @Test
  void composes() {
    Predicate a = new Predicate.Single(Input.SERVER_NAME, StringMatch.prefix("a"));
    Predicate b = new Predicate.Single(Input.SERVER_NAME, StringMatch.exact("ab"));
    LoggedConnection ab = Logged.withServerName("ab");
    LoggedConnection ac = Logged.withServerName("ac");

    assertThat(LogCondition.of(new Predicate.And(List.of(a, b))).test(ab)).isTrue();
    assertThat(LogCondition.of(new Predicate.And(List.of(a, b))).test(ac)).isFalse();
    assertThat(LogCondition.of(new Predicate.Or(List.of(a, b))).test(ac)).isTrue();
    assertThat(LogCondition.of(new Predicate.Not(b)).test(ac)).isTrue();
  }

  @Test
  void refusesWhatIsNoRegularExpression() {
    Predicate regex =
        new Predicate.Not(
            new Predicate.Single(Input.SERVER_NAME, new StringMatch(Kind.REGEX, "(a+)+)", false)));

    assertThatThrownBy(() -> LogCondition.of(regex))
        .hasMessageStartingWith("regular expression (a+)+) (expected: ");
  }
}
