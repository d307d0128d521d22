package io.zoneproxy.bench.load;

import java.io.IOException;

/** From the client to the server; the client's FIN ends it, the server's FIN confirms. */
final class UploadStream extends BulkStream {
  /** Sent without a pause; then others have their turn. A few socket buffers. */
  private static final int BUDGET_BYTES = 4 * Content.MAX_CHUNK_BYTES;

  private long sentBytes;

  UploadStream(Site site) {
    super(site, Request.Kind.UPLOAD);
  }

  @Override
  void pump(Wire wire) throws IOException {
    for (int budget = BUDGET_BYTES; budget > 0 && !isFinishing(); ) {
      long address = site().loop().content().address(sentBytes);
      int sent = wire.send(address, Content.MAX_CHUNK_BYTES);
      sentBytes += sent;
      budget -= sent;
      if (sent < Content.MAX_CHUNK_BYTES) {
        return; // an event will say when there is room
      }
    }
    if (!isFinishing()) {
      wire.continueLater();
    }
  }

  @Override
  public void onReadable(Wire wire) throws IOException {
    int bytes = wire.receive();
    if (bytes > 0) {
      throw new IOException(bytes + " bytes that nobody sent");
    } else if (bytes < 0) {
      onEnd(wire);
    }
  }

  @Override
  long arrivedBytes() {
    return site().upstream().streamBytes(number());
  }

  @Override
  void end(Wire wire) throws IOException {
    wire.finish();
  }

  @Override
  boolean isWhole() {
    return sentBytes == arrivedBytes();
  }
}
