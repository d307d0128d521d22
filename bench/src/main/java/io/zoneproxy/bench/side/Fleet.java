package io.zoneproxy.bench.side;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The peers that run. Each is started when it is first needed, and kept: a JVM has to warm up. */
final class Fleet implements AutoCloseable {
  /** Where the upstream server of a run listens; the namespace is ours, so it is free. */
  static final int UPSTREAM_PORT = 9000;

  /** The peers' ports begin here, below those that the kernel deals out. */
  private static final int FIRST_PORT = 7000;

  /** Listener, admin and readiness port, and round numbers for people. */
  private static final int PORTS_EACH = 10;

  private final Path folder;
  private final Map<String, PeerProcess> running = new LinkedHashMap<>();
  private final int upstreamPort;
  private int started;

  /**
   * Nobody runs yet.
   *
   * @param folder for the peers' folders
   * @param upstreamPort of the load generator
   */
  Fleet(Path folder, int upstreamPort) {
    this.folder = folder;
    this.upstreamPort = upstreamPort;
  }

  /** The one that is kept, with so many loops. */
  PeerProcess get(Peer peer, int loops) throws IOException {
    String key = peer.name() + "-" + loops;
    PeerProcess process = running.get(key);
    if (process == null) {
      process = start(peer, loops, key);
      running.put(key, process);
    }
    return process;
  }

  /** A new one, which the caller closes. */
  PeerProcess startFresh(Peer peer) throws IOException {
    return start(peer, 1, peer.name() + "-fresh");
  }

  private PeerProcess start(Peer peer, int loops, String name) throws IOException {
    int port = FIRST_PORT + PORTS_EACH * started++;
    Path own = folder.resolve(name);
    return PeerProcess.start(
        peer, new Place(own, port, port + 1, upstreamPort, Zoneproxy.serverName(), loops));
  }

  @Override
  public void close() {
    running.values().forEach(PeerProcess::close);
  }
}
