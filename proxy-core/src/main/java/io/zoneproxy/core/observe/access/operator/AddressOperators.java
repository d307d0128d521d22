package io.zoneproxy.core.observe.access.operator;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Addresses with and without their ports. Nothing moves them here: direct ones are the same. */
final class AddressOperators {
  /** Bits of the longest address, IPv6. */
  private static final int MAX_BITS = 128;

  private AddressOperators() {}

  private interface Source {
    @Nullable SocketAddress of(LoggedConnection logged);
  }

  static void addTo(Map<String, Operator> all) {
    add(all, "DOWNSTREAM_REMOTE", logged -> logged.connection().downstream());
    add(all, "DOWNSTREAM_DIRECT_REMOTE", logged -> logged.connection().downstream());
    add(all, "DOWNSTREAM_LOCAL", LoggedConnection::downstreamLocal);
    add(all, "DOWNSTREAM_DIRECT_LOCAL", LoggedConnection::downstreamLocal);
    add(all, "UPSTREAM_LOCAL", LoggedConnection::upstreamLocal);
    Source upstream = logged -> logged.connection().upstream();
    add(all, "UPSTREAM_REMOTE", upstream);
    all.put("UPSTREAM_HOST", Operator.plain(logged -> withPort(upstream.of(logged))));
    all.put("UPSTREAM_HOST_NAME", Operator.plain(logged -> withPort(upstream.of(logged))));
    all.put(
        "UPSTREAM_HOST_NAME_WITHOUT_PORT",
        Operator.plain(logged -> withoutPort(upstream.of(logged))));
  }

  private static void add(Map<String, Operator> all, String prefix, Source source) {
    all.put(prefix + "_ADDRESS", Operator.plain(logged -> withPort(source.of(logged))));
    all.put(
        prefix + "_ADDRESS_WITHOUT_PORT",
        Operator.optional(
            bits -> {
              if (bits.isEmpty()) {
                return logged -> withoutPort(source.of(logged));
              }
              int length = prefixLength(bits);
              return logged -> masked(source.of(logged), length);
            }));
    all.put(prefix + "_PORT", Operator.plain(logged -> port(source.of(logged))));
  }

  private static int prefixLength(String bits) {
    String expected = "the length of a prefix, 0 to 32 or 128";
    try {
      int length = Integer.parseInt(bits);
      if (length >= 0 && length <= MAX_BITS) {
        return length;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(expected, e);
    }
    throw new IllegalArgumentException(expected);
  }

  static @Nullable String withPort(@Nullable SocketAddress address) {
    if (address instanceof InetSocketAddress inet) {
      return NetUtil.toSocketAddressString(inet);
    }
    return address == null ? null : address.toString();
  }

  private static @Nullable String withoutPort(@Nullable SocketAddress address) {
    if (address instanceof InetSocketAddress inet) {
      InetAddress ip = inet.getAddress();
      return ip == null ? inet.getHostString() : NetUtil.toAddressString(ip);
    }
    return address == null ? null : address.toString();
  }

  private static @Nullable Long port(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress inet ? (long) inet.getPort() : null;
  }

  /** CIDR; a prefix that is too long for the address is none. */
  private static @Nullable String masked(@Nullable SocketAddress address, int bits) {
    if (!(address instanceof InetSocketAddress inet) || inet.getAddress() == null) {
      return null;
    }
    byte[] bytes = inet.getAddress().getAddress();
    if (bits > bytes.length * Byte.SIZE) {
      return null;
    }
    for (int bit = bits; bit < bytes.length * Byte.SIZE; bit++) {
      bytes[bit / Byte.SIZE] &= (byte) ~(0x80 >> (bit % Byte.SIZE)); // 0x80: the first bit
    }
    try {
      return NetUtil.toAddressString(InetAddress.getByAddress(bytes)) + '/' + bits;
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // only for a wrong length, and it is that of an address
    }
  }
}
