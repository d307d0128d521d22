package io.zoneproxy.core.policy;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connection that a decision is about, or a request on it.
 *
 * @param source address of the downstream's socket; null when the socket was gone before it could
 *     be asked, or has none: then no range fits
 * @param serverName the SNI, lower case, "" when there is none
 * @param destinationPort of the listener; 0 when unknown
 * @param identity of the downstream; null when no certificate was checked: passthrough, plain text
 * @param headers of the request; null when the decision is about a connection
 */
public record Subject(
    @Nullable InetAddress source,
    String serverName,
    int destinationPort,
    @Nullable Identity identity,
    HeaderTest.@Nullable Headers headers) {

  /**
   * What a checked certificate says of its owner.
   *
   * @param uris its URI SANs
   * @param dnsNames its DNS SANs
   * @param subject its subject, RFC 2253; "" when empty
   */
  public record Identity(List<String> uris, List<String> dnsNames, String subject) {
    public Identity {
      uris = List.copyOf(uris);
      dnsNames = List.copyOf(dnsNames);
    }

    /** The names that count: URI SANs, else DNS SANs, else the subject. */
    List<String> names() {
      if (!uris.isEmpty()) {
        return uris;
      }
      return dnsNames.isEmpty() ? List.of(subject) : dnsNames;
    }
  }

  /** A connection. */
  public Subject(
      @Nullable InetAddress source,
      String serverName,
      int destinationPort,
      @Nullable Identity identity) {
    this(source, serverName, destinationPort, identity, null);
  }

  /** One without a certificate. */
  public static Subject unknown(@Nullable InetAddress source, String serverName, int port) {
    return new Subject(source, serverName, port, null);
  }

  /** A request of it. */
  public Subject with(HeaderTest.Headers request) {
    return new Subject(source, serverName, destinationPort, identity, request);
  }
}
