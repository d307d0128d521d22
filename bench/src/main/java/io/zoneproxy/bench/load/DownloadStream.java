package io.zoneproxy.bench.load;

import java.io.IOException;

/** From the server to the client; a STOP ends it. */
final class DownloadStream extends BulkStream {
  private final Message stop;
  private final BulkCheck check;

  DownloadStream(Site site) {
    super(site, Request.Kind.DOWNLOAD);
    check = new BulkCheck(site.loop());
    stop = site.following(new Request(Request.Kind.STOP, number(), 0, 0));
  }

  @Override
  public void onReadable(Wire wire) throws IOException {
    do {
      if (check.take(wire) < 0) {
        onEnd(wire);
        return;
      }
    } while (!wire.drained());
  }

  @Override
  void pump(Wire wire) {
    // the server sends
  }

  @Override
  long arrivedBytes() {
    return check.bytes();
  }

  @Override
  void end(Wire wire) throws IOException {
    if (wire.send(stop.address(0), stop.bytes()) < stop.bytes()) {
      throw new IOException("no room for a STOP");
    }
  }

  @Override
  boolean isWhole() {
    return check.bytes() == site().upstream().streamBytes(number());
  }

  @Override
  void close() {
    super.close();
    stop.close();
  }
}
