package io.zoneproxy.bench.load;

import java.io.IOException;

/** Clients that do one kind of work until they are told to finish. On the loop's thread only. */
public interface Driver extends AutoCloseable {
  /** Begins to connect. */
  void start() throws IOException;

  /** Whether all connections are there that the work needs. */
  boolean isReady();

  /** Begins nothing new; what is under way ends as it should. */
  void finish() throws IOException;

  /** Whether everything under way has ended. */
  boolean isFinished();

  /** The measured interval begins. */
  default void begin() {
    tally().begin();
  }

  /** Up to date. */
  Tally tally();

  /** Closes what is still open, and frees memory. */
  @Override
  void close();
}
