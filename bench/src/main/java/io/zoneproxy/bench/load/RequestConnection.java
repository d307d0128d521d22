package io.zoneproxy.bench.load;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A connection that stays, with requests one after the other, answered in that order. */
final class RequestConnection implements WireOwner {
  private final Site site;
  private final Message opening;
  private final Tally tally;
  private final Outbox outbox;
  private final AnswerCheck check;
  private final Queue<Long> dueNanos = new ArrayDeque<>();
  private @Nullable Wire wire;
  private boolean opened;
  private boolean ready;
  private boolean finishing;

  /**
   * Connects nothing yet.
   *
   * @param opening ClientHello and first request; its answer makes the connection ready
   * @param request each further one
   */
  RequestConnection(Site site, Message opening, Message request, long answerBytes, Tally tally) {
    this.site = site;
    this.opening = opening;
    this.tally = tally;
    this.outbox = new Outbox(request);
    this.check = new AnswerCheck(site.loop(), answerBytes);
  }

  /** Begins to connect. */
  void connect() {
    try {
      wire = Wire.connect(site.loop(), site.target(), this);
    } catch (IOException e) {
      onFault(e.getMessage());
    }
  }

  /** Sends one request, which was due at that {@link System#nanoTime}. */
  void request(long due) {
    if (wire == null) {
      return; // it failed, which was counted
    }
    dueNanos.add(due);
    outbox.add();
    try {
      outbox.flush(wire);
    } catch (IOException e) {
      wire.close();
      onFault(e.getMessage());
    }
  }

  @Override
  public void onWritable(Wire wire) throws IOException {
    if (opened) {
      outbox.flush(wire);
      return;
    }
    opened = true;
    if (wire.send(opening.address(0), opening.bytes()) < opening.bytes()) {
      throw new IOException("no room for a ClientHello");
    }
  }

  @Override
  public void onReadable(Wire wire) throws IOException {
    do {
      int bytes = wire.receive();
      if (bytes < 0) {
        throw new IOException("FIN on a connection that should stay");
      }
      int answers = check.take(bytes);
      if (!ready && answers > 0) {
        ready = true;
        answers--;
      }
      for (int i = 0; i < answers; i++) {
        tally.addTimed(System.nanoTime() - dueNanos.remove());
      }
    } while (!wire.drained());
    maybeEnd();
  }

  /** All answers are there, and no more are wanted: the client's FIN comes first here. */
  private void maybeEnd() {
    if (finishing && wire != null && ready && dueNanos.isEmpty() && check.atBoundary()) {
      wire.close();
      wire = null;
    }
  }

  @Override
  public void onFailed(Wire wire, IOException cause) {
    onFault(cause.getMessage());
  }

  private void onFault(@Nullable String text) {
    site.loop().faults().add("request: " + text);
    wire = null;
    dueNanos.clear();
  }

  /** Whether the first answer came. */
  boolean isReady() {
    return ready;
  }

  /** Ends after the answers that are due. */
  void finish() {
    finishing = true;
    maybeEnd();
  }

  /** Whether it has ended, or failed. */
  boolean isFinished() {
    return wire == null;
  }

  /** Closes it if it is open. */
  void close() {
    if (wire != null) {
      wire.close();
    }
  }
}
