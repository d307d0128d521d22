package io.zoneproxy.bench.load;

import java.util.ArrayList;
import java.util.List;

/** Streams without end, one direction, as fast as they go. Counts bytes where they arrive. */
final class BulkDriver implements Driver {
  private final Tally tally = new Tally();
  private final List<BulkStream> streams = new ArrayList<>();
  private long counted;

  /**
   * Connects nothing yet.
   *
   * @param connections one stream each
   * @param upload from the clients to the server; the other way otherwise
   */
  BulkDriver(Site site, int connections, boolean upload) {
    for (int i = 0; i < connections; i++) {
      streams.add(upload ? new UploadStream(site) : new DownloadStream(site));
    }
  }

  @Override
  public void start() {
    streams.forEach(BulkStream::connect);
  }

  @Override
  public boolean isReady() {
    return streams.stream().allMatch(stream -> stream.arrivedBytes() > 0);
  }

  @Override
  public void finish() {
    streams.forEach(BulkStream::finish);
  }

  @Override
  public boolean isFinished() {
    return streams.stream().allMatch(BulkStream::isFinished);
  }

  @Override
  public void begin() {
    tally(); // what arrived so far
    tally.begin();
  }

  @Override
  public Tally tally() {
    long arrived = streams.stream().mapToLong(BulkStream::arrivedBytes).sum();
    tally.add(arrived - counted);
    counted = arrived;
    return tally;
  }

  @Override
  public void close() {
    streams.forEach(BulkStream::close);
  }
}
