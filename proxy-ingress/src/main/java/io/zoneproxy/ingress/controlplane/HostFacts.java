package io.zoneproxy.ingress.controlplane;

import java.net.Inet6Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What this machine has. Each call looks anew. */
public final class HostFacts {
  /** Where the distributions keep the CAs of the system, each in one file. */
  private static final List<Path> CA_BUNDLES =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"), // Debian, Arch, Gentoo
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"), // Fedora, RHEL 6
          Path.of("/etc/ssl/ca-bundle.pem"), // openSUSE
          Path.of("/etc/pki/tls/cacert.pem"), // OpenELEC
          Path.of("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"), // CentOS, RHEL 7
          Path.of("/etc/ssl/cert.pem")); // Alpine

  private HostFacts() {}

  /** The first of the distributions' files of CAs that exists. */
  public static Optional<Path> systemCaPath() {
    return CA_BUNDLES.stream().filter(Files::isRegularFile).findFirst();
  }

  /** Whether it has an IPv6 address beyond loopback. */
  public static boolean hasIpv6() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .anyMatch(address -> address instanceof Inet6Address && !address.isLoopbackAddress());
    } catch (SocketException e) {
      return false; // a sandbox without a list of interfaces
    }
  }
}
