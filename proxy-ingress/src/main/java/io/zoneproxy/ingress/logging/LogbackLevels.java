package io.zoneproxy.ingress.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.zoneproxy.core.admin.pages.LogLevels;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.LoggerFactory;

/** The levels of the program's log, which Logback writes. Any thread. */
public final class LogbackLevels implements LogLevels {
  private static final String ROOT = org.slf4j.Logger.ROOT_LOGGER_NAME;

  /** Envoy's words; it has one more for what is worse than an error. */
  private static final Map<String, Level> WORDS =
      Map.of(
          "trace", Level.TRACE,
          "debug", Level.DEBUG,
          "info", Level.INFO,
          "warning", Level.WARN,
          "error", Level.ERROR,
          "critical", Level.ERROR,
          "off", Level.OFF);

  private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();

  @Override
  public SortedMap<String, String> levels() {
    SortedMap<String, String> levels = new TreeMap<>();
    context.getLoggerList().forEach(each -> levels.put(each.getName(), word(each)));
    return levels;
  }

  private static String word(Logger logger) {
    Level level = logger.getEffectiveLevel();
    return WORDS.entrySet().stream()
        .filter(each -> each.getValue().equals(level) && !each.getKey().equals("critical"))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(String.valueOf(level));
  }

  /** All means the program's own: Netty's insides have a level of their own, and stay quiet. */
  @Override
  public void set(String logger, String level) {
    Level wanted = WORDS.get(level);
    if (wanted == null) {
      throw new IllegalArgumentException(
          level + ": no such level (expected: trace, debug, info, warning, error, critical, off)");
    }
    if (logger.isEmpty()) {
      context.getLoggerList().stream()
          .filter(each -> each.getName().startsWith("io.zoneproxy"))
          .forEach(each -> each.setLevel(null)); // what was set for one alone is over
      context.getLogger(ROOT).setLevel(wanted);
      return;
    }
    Logger known = context.exists(logger);
    if (known == null) {
      throw new IllegalArgumentException(
          logger + ": no such logger (expected: one of those that /logging lists)");
    }
    known.setLevel(wanted);
  }
}
