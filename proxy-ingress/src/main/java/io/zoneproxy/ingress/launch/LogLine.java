package io.zoneproxy.ingress.launch;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * One event on one line, whatever is in its message: time, level, message, and below it a stack
 * trace if there is one. A layout of our own, because compiling a pattern takes a tenth of the time
 * that the whole program needs to start.
 */
final class LogLine extends LayoutBase<ILoggingEvent> {
  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder line = new StringBuilder();
    line.append(Instant.ofEpochMilli(event.getTimeStamp()).truncatedTo(ChronoUnit.MILLIS));
    line.append(' ').append(event.getLevel()).append(' ');
    event.getFormattedMessage().chars().forEach(c -> line.append(isBreak(c) ? ' ' : (char) c));
    line.append('\n');
    if (event.getThrowableProxy() != null) {
      line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    return line.toString();
  }

  private static boolean isBreak(int c) {
    return Character.isISOControl(c);
  }
}
