package io.zoneproxy.bench.load;

import io.zoneproxy.bench.load.tls.TlsSite;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where drivers work.
 *
 * @param loop the one thread
 * @param upstream the server, whose counts bulk is checked against
 * @param target the proxy, or the server itself
 * @param hello what each connection begins with
 * @param ended for works in TLS that the proxy ends; null when there are no certificates
 */
record Site(
    LoadLoop loop,
    Upstream upstream,
    InetSocketAddress target,
    Hello hello,
    @Nullable TlsSite ended) {
  /** For works in TLS that the proxy ends. */
  TlsSite tls() {
    if (ended == null) {
      throw new IllegalArgumentException("TLS without certificates");
    }
    return ended;
  }

  /** A ClientHello and a request, sent together. */
  Message opening(Request request) {
    return Message.of(hello.bytes(), request, loop.content());
  }

  /** A request on a connection that has sent its ClientHello. */
  Message following(Request request) {
    return Message.of(new byte[0], request, loop.content());
  }
}
