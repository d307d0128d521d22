package io.zoneproxy.core.upstream;

import io.netty.util.NetUtil;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.observe.process.OutsideStats;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Guards the ways to external services: whoever answers for a name must not lead the proxy to
 * itself or to what only this host may ask. An address that the configuration has itself is looked
 * at only for being the proxy's own. Any thread, never blocks.
 */
public final class Outside {
  private static final Logger log = LoggerFactory.getLogger(Outside.class);

  /** Warnings that are remembered; a name server that tells others all the time is not believed. */
  private static final int MOST_TOLD = 1000;

  private static final int V4_BYTES = 4;

  /** 64:ff9b::/96 (RFC 6052): the last four bytes are an IPv4 address. */
  private static final byte[] NAT64 = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};

  /** 2002::/16 (RFC 3056): the four bytes after it are an IPv4 address. */
  private static final byte[] SIX_TO_FOUR = {0x20, 0x02};

  /**
   * Clouds tell these secrets of a machine; of AWS and Alibaba, beside those that are link-local.
   */
  private static final Set<InetAddress> METADATA =
      Set.of(literal("fd00:ec2::254"), literal("100.100.100.200"));

  private final OutsideStats stats;
  private final boolean allowLinkLocal;
  private final BiPredicate<InetAddress, Integer> own;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  /**
   * @param allowLinkLocal lets link-local addresses and those of clouds' metadata pass
   * @param own whether this proxy itself listens there; asked on event loops
   */
  public Outside(
      OutsideStats stats, boolean allowLinkLocal, BiPredicate<InetAddress, Integer> own) {
    this.stats = stats;
    this.allowLinkLocal = allowLinkLocal;
    this.own = own;
  }

  /** Everything passes. */
  static Outside open() {
    return new Outside(new OutsideStats(), true, (address, port) -> false);
  }

  OutsideStats stats() {
    return stats;
  }

  /**
   * Those of the addresses that may be dialed: the same array when all may.
   *
   * @param named whether they are of a name; an address that the configuration has is meant, unless
   *     it is this proxy's own
   */
  InetAddress[] allowed(HostPort to, boolean named, InetAddress[] addresses) {
    for (InetAddress address : addresses) {
      if (!allows(to, named, address)) {
        return Arrays.stream(addresses)
            .filter(each -> allows(to, named, each))
            .toArray(InetAddress[]::new);
      }
    }
    return addresses;
  }

  private boolean allows(HostPort to, boolean named, InetAddress address) {
    String why = refusal(address, to.port(), named);
    if (!why.isEmpty()) {
      tell(to.host(), address, to.port(), why);
    }
    return why.isEmpty();
  }

  /** Why an address may not be dialed; "" when it may. */
  String refusal(InetAddress address, int port, boolean named) {
    InetAddress meant = meant(address);
    String why = named ? refusal(meant) : "";
    return why.isEmpty() && own.test(meant, port) ? "this proxy itself listens there" : why;
  }

  private String refusal(InetAddress meant) {
    if (meant.isAnyLocalAddress() || meant.isMulticastAddress()) {
      return "an address of nobody";
    }
    if (!allowLinkLocal && (meant.isLinkLocalAddress() || METADATA.contains(meant))) {
      return "link-local, or a cloud's metadata (--allow-link-local-upstreams lets it pass)";
    }
    return "";
  }

  /** The IPv4 address that is inside one of the forms which gateways translate. */
  private static InetAddress meant(InetAddress address) {
    if (address instanceof Inet6Address) {
      byte[] bytes = address.getAddress();
      if (beginsWith(bytes, NAT64)) {
        return v4(bytes, NAT64.length);
      } else if (beginsWith(bytes, SIX_TO_FOUR)) {
        return v4(bytes, SIX_TO_FOUR.length);
      }
    }
    return address;
  }

  private static boolean beginsWith(byte[] bytes, byte[] prefix) {
    return Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
  }

  private static InetAddress v4(byte[] bytes, int from) {
    return address(Arrays.copyOfRange(bytes, from, from + V4_BYTES));
  }

  private static InetAddress literal(String text) {
    return address(NetUtil.createByteArrayFromIpAddressString(text));
  }

  private static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e); // only for a length that no address has
    }
  }

  private void tell(String host, InetAddress address, int port, String why) {
    if (told.size() < MOST_TOLD && told.add(host + " " + address.getHostAddress() + " " + port)) {
      stats.refusedAddresses.increment();
      log.warn(
          "external service {}: its address {} port {} is not dialed: {}",
          host,
          address.getHostAddress(),
          port,
          why);
    }
  }
}
