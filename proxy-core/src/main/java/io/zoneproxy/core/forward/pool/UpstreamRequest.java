package io.zoneproxy.core.forward.pool;

import io.netty.handler.codec.http.HttpObject;
import io.zoneproxy.core.upstream.Endpoint;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One request on a connection to an upstream: a head, parts, a last part. On one event loop; over
 * when the listener heard of the end or of a failure, or after {@link #cancel}.
 */
public interface UpstreamRequest {
  /** Writes a part of it, which is this one's from now on. */
  void write(HttpObject part);

  /** Sends what was written. */
  void flush();

  /** Whether the connection takes more without piling it up. */
  boolean isWritable();

  /** Whether the response is to be read on. */
  void read(boolean wanted);

  /** Gives it up: nothing more is heard of it. */
  void cancel();

  /** Who answers. */
  Endpoint endpoint();

  /** The address that was dialed. */
  SocketAddress remote();

  /** Our end of the connection; null when it is gone. */
  @Nullable SocketAddress local();

  /** Whether the connection had served another request before. */
  boolean reused();
}
