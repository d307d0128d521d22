package io.zoneproxy.egress.demo;

import java.io.IOException;
import java.net.InetSocketAddress;

/** The running zone proxies of both zones, as the demo sees them. Any thread may ask. */
public interface DemoZoneProxies extends AutoCloseable {
  /** Where a zone's egress listens. */
  InetSocketAddress egress(String zone);

  /** Where a zone's ingress listens. */
  InetSocketAddress ingress(String zone);

  /**
   * Whether an egress routes the hashed form of a MeshService's name too. Kuma's takes the tag form
   * only, which is no DNS name: {@code curl} then has to be shown the other zone's ingress.
   */
  boolean egressTakesHashedNames();

  /** Whether an egress ends TLS for external services; otherwise the demo does not call any. */
  default boolean reachesOutside() {
    return false;
  }

  /** Stops all of them and waits until their sockets are closed; a second call does nothing. */
  @Override
  void close();

  /** Starts them. */
  @FunctionalInterface
  interface Factory {
    /**
     * Starts an ingress and an egress in every zone, from the files of the world, and returns when
     * all of them route. What it started is closed again when it fails.
     *
     * @param world which files to read and which addresses to bind
     * @param seen has the observer for each door
     * @throws IOException when they cannot run, most likely because another program took an address
     *     meanwhile: the demo chooses others and asks again, a few times
     */
    DemoZoneProxies start(DemoWorld world, DemoConnections seen) throws IOException;
  }
}
