package io.zoneproxy.core.observe.access;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/** Writes to a stream of somebody else, which is flushed in the end but stays open. */
record StreamSink(String name, OutputStream out) implements LogSink {
  @Override
  public void write(byte[] lines) throws IOException {
    out.write(lines);
    failOnError();
  }

  @Override
  public void flush() throws IOException {
    out.flush();
    failOnError();
  }

  /** A PrintStream swallows exceptions and only remembers that there was one. */
  private void failOnError() throws IOException {
    if (out instanceof PrintStream stream && stream.checkError()) {
      throw new IOException("the stream reports an error");
    }
  }

  @Override
  public void refresh() {}

  @Override
  public void close() throws IOException {
    flush();
  }
}
