package io.zoneproxy.core.relay;

import io.netty.buffer.ByteBuf;

/**
 * A hello for tests of what comes after it: a line with the server name. {@code #} is not TLS,
 * {@code !} is malformed, {@code +} is too long.
 */
public final class LinePeek implements Peek {
  private final StringBuilder line = new StringBuilder();
  private int seen;

  @Override
  public Outcome advance(ByteBuf bytes) {
    for (int i = bytes.readerIndex(); i < bytes.writerIndex(); i++) {
      char c = (char) bytes.getByte(i);
      seen++;
      if (c == '\n') {
        return switch (line.toString()) {
          case "#" -> Outcome.NOT_TLS;
          case "!" -> Outcome.MALFORMED;
          case "+" -> Outcome.TOO_LONG;
          default -> Outcome.COMPLETE;
        };
      }
      line.append(c);
    }
    return Outcome.MORE;
  }

  @Override
  public String serverName() {
    return line.toString();
  }

  @Override
  public int helloBytes() {
    return seen;
  }
}
