package io.zoneproxy.bench.side;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;

/** zoneproxy's admin port. */
final class Admin {
  private static final int TIMEOUT_MILLIS = 5_000;

  private final int port;

  Admin(int port) {
    this.port = port;
  }

  /** A line {@code NAME: VALUE} of the statistics. */
  long stat(String name) throws IOException {
    URLConnection connection =
        URI.create("http://" + Place.HOST + ":" + port + "/stats").toURL().openConnection();
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    try (InputStream in = connection.getInputStream()) {
      return value(new String(in.readAllBytes(), StandardCharsets.UTF_8), name);
    }
  }

  static long value(String stats, String name) throws IOException {
    String start = name + ": ";
    return stats
        .lines()
        .filter(line -> line.startsWith(start))
        .map(line -> Long.valueOf(line.substring(start.length())))
        .findFirst()
        .orElseThrow(() -> new IOException("/stats has no " + name));
  }
}
