package io.zoneproxy.core.observe.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.model.log.AccessLogSpec;
import io.zoneproxy.core.model.log.LogFilter;
import io.zoneproxy.core.model.log.LogFormat.Json;
import io.zoneproxy.core.model.log.LogFormat.Text;
import io.zoneproxy.core.model.log.LogTarget;
import io.zoneproxy.core.model.policy.Predicate;
import io.zoneproxy.core.model.policy.StringMatch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessLogCheckTest {
  @Test
  void takesWhatKumaSends() {
    assertThat(problems("/tmp/access.log", "[%START_TIME%] default unknown %REQ(:METHOD)%\n"))
        .isEmpty();
    assertThat(
            problems(
                new LogTarget.File(
                    "/tmp/zp/kuma-al-zp-1-default.sock",
                    new Json(
                        Map.of(
                            "message",
                            new Json(Map.of("t", new Text("%START_TIME%")), false),
                            "address",
                            new Text("logs.example.com:5000")),
                        false))))
        .isEmpty();
  }

  @Test
  void saysEveryProblemWithItsPlace() {
    LogFilter regex =
        new LogFilter.Expression(
            "x",
            new Predicate.Single(
                Predicate.Input.URI_SAN, new StringMatch(StringMatch.Kind.REGEX, "(a", false)));
    AccessLogSpec spec =
        new AccessLogSpec(new LogTarget.File("", new Text("%X%")), Optional.of(regex));

    assertThat(AccessLogCheck.problems(spec))
        .hasSize(3)
        .anyMatch(problem -> problem.startsWith("filter: regular expression (a (expected: "))
        .anyMatch(problem -> problem.startsWith("format: %X% at character 0"))
        .anyMatch(problem -> problem.startsWith("path: \"\" (expected"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "/tmp/a\u0000b"})
  void refusesWhatIsNoPathOfAFile(String path) {
    assertThat(problems(path, "x")).singleElement().asString().startsWith("path: ");
  }

  @Test
  void refusesAPipeWithoutAnAddress() {
    assertThat(problems("/tmp/kuma-al-a-.sock", "%START_TIME%"))
        .singleElement()
        .asString()
        .startsWith("format: no address and message");
  }

  @Test
  void looksIntoOpenTelemetrysFormats() {
    assertThat(
            problems(
                new LogTarget.OpenTelemetry(
                    "c",
                    "n",
                    Optional.of(new Text("%A%")),
                    Map.of("k", new Text("%B%"), "ok", new Text("%DURATION%")),
                    Map.of())))
        .hasSize(2)
        .anyMatch(problem -> problem.startsWith("body: %A%"))
        .anyMatch(problem -> problem.startsWith("attributes.k: %B%"));
  }

  private static List<String> problems(String path, String format) {
    return problems(new LogTarget.File(path, new Text(format)));
  }

  private static List<String> problems(LogTarget target) {
    return AccessLogCheck.problems(new AccessLogSpec(target, Optional.empty()));
  }
}
