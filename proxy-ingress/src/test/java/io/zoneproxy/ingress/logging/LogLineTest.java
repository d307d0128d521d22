package io.zoneproxy.ingress.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LogLineTest {
  private static String line(String message, @Nullable Throwable thrown) {
    Logger logger = new LoggerContext().getLogger("x");
    return new LogLine()
        .doLayout(new LoggingEvent("x", logger, Level.WARN, message, thrown, new Object[0]));
  }

  @Test
  void aMessageIsOneVisibleLine() {
    assertThat(line("control plane says a\u001b[2J\nb\u202ec\u2028d\ud800", null))
        .endsWith(" WARN control plane says a\\x1B[2J\\x0Ab\\u202Ec\\u2028d\\uD800\n");
  }

  @Test
  void noLineOfAStackTraceStandsWhereAnEventDoes() {
    String[] lines = line("oops", new IllegalStateException("a\n2026 INFO b\u202e")).split("\n");
    assertThat(lines[0]).endsWith(" WARN oops");
    assertThat(lines[1]).isEqualTo("\tjava.lang.IllegalStateException: a");
    assertThat(lines[2]).isEqualTo("\t2026 INFO b\\u202E");
    assertThat(lines).filteredOn(each -> !each.startsWith("\t")).hasSize(1);
  }
}
