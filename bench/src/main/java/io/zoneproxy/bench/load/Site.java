package io.zoneproxy.bench.load;

import java.net.InetSocketAddress;

/**
 * Where drivers work.
 *
 * @param loop the one thread
 * @param upstream the server, whose counts bulk is checked against
 * @param target the proxy, or the server itself
 * @param hello what each connection begins with
 */
record Site(LoadLoop loop, Upstream upstream, InetSocketAddress target, Hello hello) {
  /** A ClientHello and a request, sent together. */
  Message opening(Request request) {
    return Message.of(hello.bytes(), request, loop.content());
  }

  /** A request on a connection that has sent its ClientHello. */
  Message following(Request request) {
    return Message.of(new byte[0], request, loop.content());
  }
}
