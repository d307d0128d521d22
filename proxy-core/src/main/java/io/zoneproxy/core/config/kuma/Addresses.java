package io.zoneproxy.core.config.kuma;

import io.netty.util.NetUtil;
import io.zoneproxy.core.config.yaml.Fields;
import io.zoneproxy.core.config.yaml.Shown;
import io.zoneproxy.core.model.HostPort;
import java.util.Optional;

/** Reads fields that hold an IP address or a DNS name. */
final class Addresses {
  private static final String EXPECTED = "an IP address or a DNS name";

  private Addresses() {}

  /** An address that must be there; "" when it is missing or wrong, which is reported. */
  static String required(Fields fields, String name) {
    return checked(fields, name, fields.requiredText(name, EXPECTED));
  }

  /** An address, or "" when it is absent, or wrong, which is reported. */
  static String optional(Fields fields, String name) {
    return checked(fields, name, fields.text(name));
  }

  /** What a field was read to hold, or "" when that is wrong, which is reported. */
  static String checked(Fields fields, String name, String address) {
    if (address.isEmpty()) {
      return "";
    }
    boolean ip = isIp(address);
    if (!ip && !Names.isHost(address)) {
      fields.error(name, Shown.text(address) + " (expected: " + EXPECTED + ")");
      return "";
    }
    if (ip && isWildcard(address)) {
      fields.error(
          name,
          Shown.text(address)
              + " must not be 0.0.0.0 or :: (expected: an address that others can reach)");
      return "";
    }
    return address;
  }

  /** Both together; empty when one of them is missing or wrong, which was reported. */
  static Optional<HostPort> hostPort(String host, int port) {
    return host.isEmpty() || port == 0 ? Optional.empty() : Optional.of(new HostPort(host, port));
  }

  /**
   * Without brackets and without a scope: {@code fe80::1%eth0} means something on one host only.
   */
  private static boolean isIp(String address) {
    boolean bare = address.indexOf('[') < 0 && address.indexOf('%') < 0;
    return bare && (NetUtil.isValidIpV4Address(address) || NetUtil.isValidIpV6Address(address));
  }

  private static boolean isWildcard(String address) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    for (byte b : bytes == null ? new byte[] {1} : bytes) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }
}
