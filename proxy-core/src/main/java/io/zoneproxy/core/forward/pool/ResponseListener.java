package io.zoneproxy.core.forward.pool;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;

/** Hears the response to one request, on the event loop of the request. */
public interface ResponseListener {
  /** Its head; never one of the interim ones (1xx). */
  void onHead(HttpResponse head);

  /** A part of its body, the listener's from now on; with the last one it is whole. */
  void onContent(HttpContent part);

  /** What was read so far is all for now: time to flush. */
  void onReadComplete();

  /** Whether more of the request may be written has changed. */
  void onWritability();

  /** Nothing more is heard: no response comes, or it was cut off. */
  void onBroken(Failure failure);
}
