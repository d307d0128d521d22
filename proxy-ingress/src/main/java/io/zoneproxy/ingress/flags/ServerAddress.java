package io.zoneproxy.ingress.flags;

import io.zoneproxy.core.config.yaml.Shown;
import io.zoneproxy.core.model.HostPort;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of {@code --cp-address} that counts. Not by {@link java.net.URI}, which knows no host
 * with an underscore, as there are in container networks.
 *
 * @param host without brackets
 * @param port 1 to 65535
 */
record ServerAddress(String host, int port) {
  private static final String EXPECTED = " (expected: https://HOST:PORT)";
  private static final Pattern URL =
      Pattern.compile(
          "(?<scheme>[A-Za-z]+)://"
              + "(\\[(?<v6>[0-9A-Fa-f:.]+)]|(?<host>[A-Za-z0-9._-]+))"
              + "(:(?<port>\\d{1,5}))?([/?#].*)?");

  /** Of HTTPS: what a URL without a port means. */
  private static final int DEFAULT_PORT = 443;

  /**
   * Reads it; path, query and fragment do not count, as in kuma-dp.
   *
   * @throws UsageException when it is no such address
   */
  static ServerAddress of(String address) {
    String shown = "--cp-address=" + Shown.text(address);
    Matcher url = URL.matcher(address);
    if (!url.matches()) {
      throw new UsageException(shown + EXPECTED);
    }
    if (url.group("scheme").equalsIgnoreCase("http")) {
      throw new UsageException(
          shown
              + " is not encrypted: everybody on the way would read the token, and a control"
              + " plane serves proxies over TLS only"
              + EXPECTED);
    }
    if (!url.group("scheme").equalsIgnoreCase("https")) {
      throw new UsageException(shown + EXPECTED);
    }
    int port = url.group("port") == null ? DEFAULT_PORT : Integer.parseInt(url.group("port"));
    if (port < 1 || port > HostPort.MAX_PORT) {
      throw new UsageException(shown + ": port " + port + " (expected: 1 to 65535)");
    }
    return new ServerAddress(url.group("v6") == null ? url.group("host") : url.group("v6"), port);
  }
}
