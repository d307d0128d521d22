package io.zoneproxy.ingress.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import io.zoneproxy.ingress.flags.UsageException;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** The program's own log: one place, set by flags. */
public final class Logging {
  private Logging() {}

  /** For the first line of a program: afterwards SLF4J has chosen what it logs with. */
  public static void prepare() {
    System.setProperty(LoggerFactory.PROVIDER_PROPERTY_KEY, QuietLogback.class.getName());
    System.setProperty("slf4j.internal.verbosity", "WARN"); // it would say that it obeys
  }

  /**
   * Sets it up anew.
   *
   * @param level off, info or debug, as kuma-dp's
   * @param file "" means standard error
   * @throws UsageException when there is no such level, or the file cannot be written
   */
  public static void configure(String level, String file) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    context.addTurboFilter(new FramesUnlogged());
    LogLine layout = new LogLine();
    layout.setContext(context);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setLayout(layout);
    encoder.start();
    OutputStreamAppender<ILoggingEvent> appender = appender(file);
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.start();
    if (!appender.isStarted()) {
      throw new UsageException(
          "--log-output-path=" + file + ": cannot be written (expected: a file)");
    }
    var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(level(level));
    root.addAppender(appender);
    // Netty tells of its own insides at debug; nobody who asks for ours wants them.
    context.getLogger("io.netty").setLevel(level.equals("off") ? Level.OFF : Level.WARN);
  }

  private static OutputStreamAppender<ILoggingEvent> appender(String file) {
    if (file.isEmpty()) {
      ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
      console.setTarget("System.err");
      return console;
    }
    FileAppender<ILoggingEvent> appender = new FileAppender<>();
    Path path = LogFile.of("--log-output-path", file);
    LogFile.create(path);
    appender.setFile(path.toString());
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
