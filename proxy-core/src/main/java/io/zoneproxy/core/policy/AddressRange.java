package io.zoneproxy.core.policy;

import io.netty.util.NetUtil;
import io.zoneproxy.core.model.policy.Cidr;
import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A compiled range of addresses. An IPv4 address in IPv6 form is an IPv4 address. */
final class AddressRange {
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;
  private static final int MAPPED_PREFIX = 12; // ::ffff:0:0/96 of RFC 4291
  private static final int LAST_MARK = 10; // the two bytes of ones begin here

  private final byte[] address;
  private final int prefixLength;

  private AddressRange(byte[] address, int prefixLength) {
    this.address = address;
    this.prefixLength = prefixLength;
  }

  static AddressRange of(Cidr cidr) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(cidr.address());
    if (bytes == null
        || cidr.prefixLength() < 0
        || cidr.prefixLength() > bytes.length * Byte.SIZE) {
      throw new IllegalArgumentException(
          "address range %s/%d (expected: an IP address and 0 to 32 or 128)"
              .formatted(cidr.address(), cidr.prefixLength()));
    }
    boolean mapped = isMapped(bytes) && cidr.prefixLength() >= MAPPED_PREFIX * Byte.SIZE;
    return mapped
        ? new AddressRange(unmapped(bytes), cidr.prefixLength() - MAPPED_PREFIX * Byte.SIZE)
        : new AddressRange(bytes, cidr.prefixLength());
  }

  boolean contains(@Nullable InetAddress one) {
    return one != null && contains(unmapped(one.getAddress()));
  }

  private boolean contains(byte[] bytes) {
    if (bytes.length != address.length) {
      return false;
    }
    int whole = prefixLength / Byte.SIZE;
    int rest = prefixLength % Byte.SIZE;
    if (!Arrays.equals(bytes, 0, whole, address, 0, whole)) {
      return false;
    }
    return rest == 0 || ((bytes[whole] ^ address[whole]) & 0xFF) >> (Byte.SIZE - rest) == 0;
  }

  private static byte[] unmapped(byte[] bytes) {
    return isMapped(bytes) ? Arrays.copyOfRange(bytes, MAPPED_PREFIX, IPV6_BYTES) : bytes;
  }

  private static boolean isMapped(byte[] bytes) {
    if (bytes.length == IPV4_BYTES) {
      return false;
    }
    for (int i = 0; i < MAPPED_PREFIX; i++) {
      if (bytes[i] != (i < LAST_MARK ? 0 : (byte) 0xFF)) {
        return false;
      }
    }
    return true;
  }
}
