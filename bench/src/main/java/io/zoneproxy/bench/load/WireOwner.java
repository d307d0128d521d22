package io.zoneproxy.bench.load;

import java.io.IOException;

/** Who reads and writes a {@link Wire}. Called on the loop's thread; events are hints. */
interface WireOwner {
  /** There may be something to receive: {@link Wire#receive} until it is {@link Wire#drained}. */
  void onReadable(Wire wire) throws IOException;

  /** There may be room to send; the first time the connection is made. */
  void onWritable(Wire wire) throws IOException;

  /** The wire failed, and is closed. */
  void onFailed(Wire wire, IOException cause);
}
