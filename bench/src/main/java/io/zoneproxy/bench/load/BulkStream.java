package io.zoneproxy.bench.load;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The client's side of one endless stream: what both directions have in common. */
abstract sealed class BulkStream implements WireOwner permits DownloadStream, UploadStream {
  private final Site site;
  private final long number;
  private final Message opening;
  private @Nullable Wire wire;
  private boolean opened;
  private boolean finished;
  private boolean finishing;

  BulkStream(Site site, Request.Kind kind) {
    this.site = site;
    this.number = site.upstream().nextStream();
    this.opening = site.opening(new Request(kind, number, 0, 0));
  }

  /** Begins to connect. */
  final void connect() {
    try {
      wire = Wire.connect(site.loop(), site.target(), this);
    } catch (IOException e) {
      onFault(e.getMessage());
    }
  }

  @Override
  public final void onWritable(Wire wire) throws IOException {
    if (!opened) {
      opened = true;
      if (wire.send(opening.address(0), opening.bytes()) < opening.bytes()) {
        throw new IOException("no room for a ClientHello");
      }
    }
    pump(wire);
  }

  /** There is room. */
  abstract void pump(Wire wire) throws IOException;

  /** Bytes that arrived at the far end. */
  abstract long arrivedBytes();

  /** Ends the stream in good order. */
  abstract void end(Wire wire) throws IOException;

  /** What both ends say of the whole stream; equal unless something was lost. */
  abstract boolean isWhole();

  final Site site() {
    return site;
  }

  /** What the server knows the stream by. */
  final long number() {
    return number;
  }

  /** Whether {@link #finish} was called. */
  final boolean isFinishing() {
    return finishing;
  }

  /** FIN of the server. */
  final void onEnd(Wire wire) {
    wire.close();
    if (!finishing || !isWhole()) {
      onFault("FIN at " + arrivedBytes() + " bytes, which are not all");
    }
    finished = true;
  }

  @Override
  public final void onFailed(Wire wire, IOException cause) {
    onFault(cause.getMessage());
  }

  private void onFault(@Nullable String text) {
    site.loop().faults().add("bulk: " + text);
    finished = true;
  }

  /** Asks for the end. */
  final void finish() {
    finishing = true;
    if (wire == null || finished) {
      finished = true;
      return;
    }
    try {
      end(wire);
    } catch (IOException e) {
      wire.close();
      onFault(e.getMessage());
    }
  }

  /** Whether both sides have ended, or one has failed. */
  final boolean isFinished() {
    return finished;
  }

  /** Closes it if it is open, and frees memory. */
  void close() {
    if (wire != null) {
      wire.close();
    }
    opening.close();
    site.upstream().remove(number);
  }
}
