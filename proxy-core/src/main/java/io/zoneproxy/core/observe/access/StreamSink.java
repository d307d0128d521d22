package io.zoneproxy.core.observe.access;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/** Writes to a stream of somebody else, which is flushed in the end but stays open. */
record StreamSink(String name, OutputStream out) implements LogSink {
  /** The process's, past {@link System#out}, which hides errors. */
  static final StreamSink STANDARD_OUTPUT =
      new StreamSink("standard output", new FileOutputStream(FileDescriptor.out));

  /** The process's. */
  static final StreamSink STANDARD_ERROR =
      new StreamSink("standard error", new FileOutputStream(FileDescriptor.err));

  @Override
  public void write(byte[] lines) throws IOException {
    synchronized (out) { // several logs may go to one stream, and a write can come in pieces
      out.write(lines);
    }
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
