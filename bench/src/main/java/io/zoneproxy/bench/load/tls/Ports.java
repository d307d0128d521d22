package io.zoneproxy.bench.load.tls;

/**
 * Which ports belong to the one that is told: a proxy has one for each chain, for HAProxy cannot
 * choose between TCP and HTTP by a server name, and the upstream one for each protocol.
 */
public final class Ports {
  /** Behind a proxy's port: HTTP, its certificate P-256. */
  public static final int HTTP_EC = 0;

  /** Behind a proxy's port: HTTP, its certificate RSA-2048. The one between is for its admin. */
  public static final int HTTP_RSA = 2;

  /** Behind a proxy's port: TCP, its certificate P-256. */
  public static final int TCP_EC = 3;

  /** Behind the upstream's port: HTTP/1.1. */
  public static final int UPSTREAM_HTTP = 1;

  /** Behind the upstream's port: streams. */
  public static final int UPSTREAM_TCP = 2;

  private Ports() {}
}
