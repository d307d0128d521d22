package io.zoneproxy.core.observe.access;

import java.io.IOException;

/** Where the lines of a log go. One thread uses it. */
interface LogSink {
  /** For messages: a path, or the name of a stream. */
  String name();

  /** Writes whole lines; may block. After an exception any part of them may have been written. */
  void write(byte[] lines) throws IOException;

  /** Hands on what was buffered; called when nothing more is waiting. */
  void flush() throws IOException;

  /** Called about once a second: looks whether the destination is still the right one. */
  void refresh() throws IOException;

  /** Gives the destination back; flushed before. */
  void close() throws IOException;
}
