package io.zoneproxy.bench.side;

import java.nio.file.Path;

/**
 * Where a peer is put.
 *
 * @param folder its own, for configuration and log
 * @param port it listens on
 * @param adminPort and the port above it are free for it
 * @param upstreamPort where it relays to
 * @param serverName that it routes; a DNS name, so that every peer can
 * @param loops event loops, workers or threads
 */
public record Place(
    Path folder, int port, int adminPort, int upstreamPort, String serverName, int loops) {
  /** Everything is on loopback, as written in configurations. */
  public static final String HOST = "127.0.0.1";

  /** The peer's address. */
  public String listen() {
    return HOST + ":" + port;
  }

  /** The upstream server's. */
  public String upstream() {
    return HOST + ":" + upstreamPort;
  }
}
