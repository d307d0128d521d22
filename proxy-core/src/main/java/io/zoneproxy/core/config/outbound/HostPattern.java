package io.zoneproxy.core.config.outbound;

import io.netty.util.NetUtil;
import io.zoneproxy.core.text.Visible;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What upstream hosts are matched with: one host, all names below a suffix, or all.
 *
 * @param text in lower case without a dot at its end; an IP address in Java's form
 */
record HostPattern(String text) {
  private static final String ANY = "*";
  private static final String BELOW = "*.";

  /** Labels of letters, digits, '-' and '_'; the last one may be an IPv4 address's. */
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9_]([a-z0-9_-]*)(\\.[a-z0-9_]([a-z0-9_-]*))*");

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException when it is none; the message is for the user
   */
  static HostPattern parse(String written) {
    String text = normal(written);
    String name = text.startsWith(BELOW) ? text.substring(BELOW.length()) : text;
    if (!text.equals(ANY) && !isHost(name)) {
      throw new IllegalArgumentException(
          Visible.line(written) + " (expected: a host name, *.SUFFIX, an IP address or *)");
    }
    return new HostPattern(text);
  }

  /** Whether this is a name or an address. */
  static boolean isHost(String host) {
    return NAME.matcher(normal(host)).matches()
        || NetUtil.createByteArrayFromIpAddressString(host) != null;
  }

  /** One host in the one form that is compared. */
  static String normal(String host) {
    byte[] ip = NetUtil.createByteArrayFromIpAddressString(host);
    if (ip != null) {
      try {
        return InetAddress.getByAddress(ip).getHostAddress();
      } catch (UnknownHostException e) {
        throw new IllegalArgumentException(e); // only for a length that no address has
      }
    }
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  /**
   * Whether it means a host.
   *
   * @param host {@link #normal}
   */
  boolean matches(String host) {
    if (text.equals(ANY)) {
      return true;
    }
    return text.startsWith(BELOW) ? host.endsWith(text.substring(1)) : host.equals(text);
  }
}
