package io.zoneproxy.ingress.launch;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import org.slf4j.LoggerFactory;

/** The program's own log: one place, set by flags. */
final class Logging {
  /** {@code %msg} with line breaks bent down: one event is one line, whatever is in it. */
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %-5level %replace(%msg){'[\\r\\n]+', ' | '}%n%ex";

  private Logging() {}

  /**
   * Sets it up anew.
   *
   * @param level off, info or debug, as kuma-dp's
   * @param file "" means standard error
   */
  static void configure(String level, String file) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    OutputStreamAppender<ILoggingEvent> appender = appender(file);
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.start();
    if (!appender.isStarted()) {
      throw new UsageException("--log-output-path=" + file + ": cannot be written");
    }
    var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(level(level));
    root.addAppender(appender);
    // Netty tells of its own insides at debug; nobody who asks for ours wants them.
    context.getLogger("io.netty").setLevel(Level.WARN);
  }

  private static OutputStreamAppender<ILoggingEvent> appender(String file) {
    if (file.isEmpty()) {
      ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
      console.setTarget("System.err");
      return console;
    }
    FileAppender<ILoggingEvent> appender = new FileAppender<>();
    appender.setFile(file);
    return appender;
  }

  private static Level level(String name) {
    return switch (name) {
      case "off" -> Level.OFF;
      case "info" -> Level.INFO;
      case "debug" -> Level.DEBUG;
      default ->
          throw new UsageException("--log-level=" + name + " (expected: off, info or debug)");
    };
  }
}
