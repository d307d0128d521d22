package io.zoneproxy.core.forward;

import io.zoneproxy.core.http.RawClient;
import io.zoneproxy.core.model.balance.HttpUpstream;
import io.zoneproxy.core.relay.TestUpstream;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A proxy before an upstream that speaks HTTP/2 as a script has it. */
final class ScriptedUpstreams implements AutoCloseable {
  /** For what comes at once, on a busy machine. */
  static final Duration LONG = Duration.ofSeconds(20);

  final HttpProxyFixture proxy = new HttpProxyFixture();

  /** Made to the upstream so far. */
  final AtomicInteger connections = new AtomicInteger();

  /** What one connection does. */
  @FunctionalInterface
  interface Script {
    void play(Http2Peer peer) throws IOException;
  }

  ScriptedUpstreams() {
    proxy.upstream =
        new HttpUpstream(
            HttpUpstream.Version.HTTP_2, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Its first connection plays this one; later ones serve well. */
  TestUpstream play(Script first) throws IOException {
    return new TestUpstream(
        socket -> {
          Http2Peer peer = new Http2Peer(socket);
          if (connections.incrementAndGet() == 1) {
            first.play(peer);
          } else {
            serveWell(peer);
          }
        });
  }

  static void serveWell(Http2Peer peer) throws IOException {
    while (true) {
      peer.answer(peer.request(), "well");
    }
  }

  /** A series of the upstream's cluster. */
  @Nullable Long told(String series) {
    return proxy.series().get(series + "{envoy_cluster_name=\"outside\"}");
  }

  @Nullable Long protocolErrors() {
    return told("envoy_cluster_upstream_cx_protocol_error");
  }

  /** Reads to the end, orderly or not. */
  static boolean ends(RawClient client) throws IOException {
    long limit = System.nanoTime() + LONG.toNanos();
    while (System.nanoTime() - limit < 0) {
      if (client.isClosed()) { // else it has read a byte
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    proxy.close();
  }
}
