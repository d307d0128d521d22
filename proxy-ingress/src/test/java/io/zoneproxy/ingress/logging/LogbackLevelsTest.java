package io.zoneproxy.ingress.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log's levels under Envoy's words; no other test of this module shares the logger. */
class LogbackLevelsTest {
  private static final String NAME = "io.zoneproxy.test.LogbackLevelsTest";
  private final Logger logger = LoggerFactory.getLogger(NAME);
  private final LogbackLevels levels = new LogbackLevels();

  @Test
  void setsTheLevelOfOneLoggerUntilAllAreSet() {
    String root = Objects.requireNonNull(levels.levels().get(Logger.ROOT_LOGGER_NAME));
    try {
      levels.set(NAME, "trace");
      assertThat(logger.isTraceEnabled()).isTrue();
      assertThat(levels.levels()).containsEntry(NAME, "trace");
      levels.set("", "error");
      assertThat(logger.isWarnEnabled()).isFalse();
      assertThat(levels.levels()).containsEntry(NAME, "error").containsEntry("ROOT", "error");
    } finally {
      levels.set("", root);
    }
  }

  @Test
  void saysWhatThereIs() {
    assertThatThrownBy(() -> levels.set("", "loud"))
        .hasMessage(
            "loud: no such level (expected: trace, debug, info, warning, error, critical, off)");
    assertThatThrownBy(() -> levels.set("nobody", "info"))
        .hasMessage("nobody: no such logger (expected: one of those that /logging lists)");
  }
}
