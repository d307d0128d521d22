package io.zoneproxy.core.forward;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpObject;
import io.zoneproxy.core.forward.limit.Alarm;
import io.zoneproxy.core.relay.HandedOver;

/** Whom an {@link Exchange} answers: a connection or a stream. On its event loop. */
interface Downstream {
  /** Its event loop. */
  EventLoop loop();

  /** The connection that it is, or is on. */
  HandedOver owner();

  /** Whether it speaks HTTP/2; else it is HTTP/1.1. */
  boolean http2();

  /** The timer of its connection. */
  Alarm alarm();

  /** Writes a part of the response, which is this one's from now on. */
  void write(HttpObject part);

  /** Sends what was written. */
  void flush();

  /** Whether it takes more without piling it up. */
  boolean isWritable();

  /** Whether the request is to be read on. */
  void read(boolean wanted);

  /** The response is whole, what was written included; the request may not be. */
  void onAnswered();

  /** The response cannot be completed. */
  void reset();
}
