package io.zoneproxy.ingress.controlplane;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where a control plane is, and whom the call for the bootstrap trusts.
 *
 * @param host DNS name or IP address, the latter without brackets
 * @param port 1 to 65535
 * @param caText PEM; wins over the file. "" = the file, and without one the system's CAs
 * @param caFile of PEM; it was readable when the run began
 * @param skipVerify that the call for the bootstrap verifies nobody; the ADS always does
 * @param retryBackoff between two tries of that call; at least 1 ms
 * @param retryMaxDuration how long it is tried; at least 1 ms
 */
public record ControlPlaneServer(
    String host,
    int port,
    String caText,
    Optional<Path> caFile,
    boolean skipVerify,
    Duration retryBackoff,
    Duration retryMaxDuration) {
  /** What is dialed, without a path: {@code https://cp:5678}. */
  public String address() {
    return "https://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }

  /** For logs: a CA's text is not secret, but long. */
  @Override
  public String toString() {
    return address();
  }
}
