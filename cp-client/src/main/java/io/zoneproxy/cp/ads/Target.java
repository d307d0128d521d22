package io.zoneproxy.cp.ads;

/**
 * Where the ADS is.
 *
 * @param host DNS name or IP address; the server's certificate must be for it
 * @param port 1 to 65535
 * @param trustedCa PEM of the CAs that may have signed that certificate; never empty: there is no
 *     ADS without TLS
 */
public record Target(String host, int port, String trustedCa) {
  /** For messages. */
  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
