package io.zoneproxy.core.observe.access;

import java.io.IOException;

/** Where the lines of a log go. One thread uses it. */
interface LogSink {
  /** For messages: a path, or the name of a stream. */
  String name();

  /**
   * Called before each write, and may block. False while it waits before it tries again: what is to
   * be written waits too.
   *
   * @throws IOException when it has just tried to open the destination in vain
   */
  default boolean ready() throws IOException {
    return true;
  }

  /** Whether a line that was cut by a failure is still before what is written next. */
  default boolean keepsHalfALine() {
    return true;
  }

  /** Writes whole lines; may block. After an exception any part of them may have been written. */
  void write(byte[] lines) throws IOException;

  /** Hands on what was buffered; called when nothing more is waiting. */
  void flush() throws IOException;

  /** Called about once a second: looks whether the destination is still the right one. */
  void refresh() throws IOException;

  /** Gives the destination back; flushed before. */
  void close() throws IOException;
}
