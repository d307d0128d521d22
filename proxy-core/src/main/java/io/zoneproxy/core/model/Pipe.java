package io.zoneproxy.core.model;

/**
 * A Unix socket (Envoy's word is pipe).
 *
 * @param path of the socket, absolute
 */
public record Pipe(String path) implements Address {
  @Override
  public String host() {
    return "";
  }

  @Override
  public String toString() {
    return path;
  }
}
