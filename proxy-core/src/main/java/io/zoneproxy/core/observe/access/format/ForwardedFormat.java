package io.zoneproxy.core.observe.access.format;

import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.log.LogFormat;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;

/**
 * The form of records for a pipe whose reader sends them on. This proxy has no such reader beside
 * it and sends them itself.
 *
 * @param host to send to; a name or an address
 * @param port to send to
 * @param message what to send
 */
public record ForwardedFormat(String host, int port, LogFormat message) {
  private static final String EXPECTED =
      " (expected: an object with the texts address, host:port, and message; or a text"
          + " host:port;message)";

  /** Whether a path is such a pipe's: {@code kuma-al-<proxy>-<mesh>.sock}. */
  public static boolean isPipe(String path) {
    Path name = Path.of(path).getFileName();
    return name != null
        && name.toString().startsWith("kuma-al-")
        && name.toString().endsWith(".sock");
  }

  /**
   * Takes a record's form apart.
   *
   * @throws IllegalArgumentException when it is not as such a reader wants it
   */
  public static ForwardedFormat of(LogFormat format) {
    if (format instanceof LogFormat.Json object) {
      Map<String, LogFormat> members = object.members();
      LogFormat message = members.get("message");
      if (members.get("address") instanceof LogFormat.Text address && message != null) {
        return to(address.format(), message);
      }
    } else if (format instanceof LogFormat.Text text && text.format().indexOf(';') > 0) {
      int end = text.format().indexOf(';');
      String message = text.format().substring(end + 1);
      return to(text.format().substring(0, end), new LogFormat.Text(message));
    }
    throw new IllegalArgumentException("no address and message" + EXPECTED);
  }

  private static ForwardedFormat to(String address, LogFormat message) {
    int colon = address.lastIndexOf(':');
    String host = colon < 0 ? "" : address.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1); // an IPv6 address
    }
    int port = port(address.substring(colon + 1));
    if (port > 0 && !host.isEmpty() && host.chars().allMatch(c -> c > ' ' && c != '%')) {
      return new ForwardedFormat(host, port, message);
    }
    throw new IllegalArgumentException("address " + address + EXPECTED);
  }

  private static int port(String digits) {
    try {
      int port = Integer.parseInt(digits);
      return port <= HostPort.MAX_PORT ? port : 0;
    } catch (NumberFormatException e) {
      return 0; // refused by the caller
    }
  }

  /** For messages, and to tell collectors apart. */
  public String address() {
    return host + ':' + port;
  }

  /** Where to connect to; asks DNS, so it may block. */
  public InetSocketAddress resolve() {
    return new InetSocketAddress(host, port);
  }
}
