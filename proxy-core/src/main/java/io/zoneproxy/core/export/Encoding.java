package io.zoneproxy.core.export;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpStatusClass;
import java.util.List;

/**
 * How a collector wants to be told, over HTTP. On one thread.
 *
 * @param <T> what it is told of
 */
public interface Encoding<T> {
  /** What is posted to. */
  String path();

  /** Gives a request the headers that it needs besides its length. */
  void headers(HttpHeaders to);

  /** Roughly, how many bytes of a message are this one's own; what a peer chose is counted. */
  int bytes(T one);

  /**
   * The message.
   *
   * @param batch at least one
   */
  byte[] body(List<T> batch);

  /** One of them waits no longer: it is put into a message now, or dropped. Any thread. */
  default void left(T one) {}

  /**
   * Whether it was taken.
   *
   * @param status of HTTP; any of success by itself, if the encoding does not say otherwise
   * @param last the fields behind the response, or those before it when there are no others
   */
  default boolean taken(int status, HttpHeaders last) {
    return HttpStatusClass.valueOf(status) == HttpStatusClass.SUCCESS;
  }
}
