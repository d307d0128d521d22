package io.zoneproxy.bench.load;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection after the other; a new one begins when the last has ended. */
final class ConnectSlot implements WireOwner {
  /** After a failure: a proxy that refuses is not to be asked in a tight loop. */
  private static final int PAUSE_MILLIS = 10;

  private final Site site;
  private final Message opening;
  private final long answerBytes;
  private final Tally tally;
  private AnswerCheck check;
  private @Nullable Wire wire;
  private long beganNanos;
  private int answers;
  private boolean sent;
  private boolean finishing;

  ConnectSlot(Site site, Message opening, long answerBytes, Tally tally) {
    this.site = site;
    this.opening = opening;
    this.answerBytes = answerBytes;
    this.tally = tally;
    this.check = new AnswerCheck(site.loop(), answerBytes);
  }

  /** Begins a connection, unless the work is to end. */
  void next() {
    wire = null;
    if (finishing) {
      return;
    }
    sent = false;
    answers = 0;
    check = new AnswerCheck(site.loop(), answerBytes);
    beganNanos = System.nanoTime();
    try {
      wire = Wire.connect(site.loop(), site.target(), this);
    } catch (IOException e) {
      onFault(e.getMessage());
    }
  }

  @Override
  public void onWritable(Wire wire) throws IOException {
    if (sent) {
      return;
    }
    sent = true;
    if (wire.send(opening.address(0), opening.bytes()) < opening.bytes()) {
      throw new IOException("no room for a ClientHello");
    }
  }

  @Override
  public void onReadable(Wire wire) throws IOException {
    do {
      int bytes = wire.receive();
      if (bytes < 0) {
        onEnd(wire);
        return;
      }
      answers += check.take(bytes);
    } while (!wire.drained());
  }

  private void onEnd(Wire wire) {
    wire.close();
    if (answers == 1 && check.atBoundary()) {
      tally.addTimed(System.nanoTime() - beganNanos);
      next();
    } else {
      onFault("FIN before the whole answer, or behind more than it");
    }
  }

  @Override
  public void onFailed(Wire wire, IOException cause) {
    onFault(cause.getMessage());
  }

  private void onFault(@Nullable String text) {
    site.loop().faults().add("connect: " + text);
    wire = null;
    site.loop().events().schedule(this::next, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Begins no further connection. */
  void finish() {
    finishing = true;
  }

  /** Whether the last connection has ended. */
  boolean isFinished() {
    return wire == null;
  }

  /** Closes what is open. */
  void close() {
    finishing = true;
    if (wire != null) {
      wire.close();
    }
  }
}
