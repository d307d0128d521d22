package io.zoneproxy.bench.load;

import java.io.IOException;

/** The same message, sent as often as asked, in order, as far as there is room. */
final class Outbox {
  private final Message message;
  private long asked;
  private long sentBytes;

  Outbox(Message message) {
    this.message = message;
  }

  /** Asks for one more. */
  void add() {
    asked++;
  }

  /** Sends what is not sent yet; an event says when there is room again. */
  void flush(Wire wire) throws IOException {
    int length = message.bytes();
    while (sentBytes < asked * length) {
      int offset = (int) (sentBytes % length);
      int sent = wire.send(message.address(offset), length - offset);
      sentBytes += sent;
      if (sent < length - offset) {
        return;
      }
    }
  }
}
