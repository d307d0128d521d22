package io.zoneproxy.core.upstream;

import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The names of endpoints and the addresses known for them. Nothing here blocks: a name is asked for
 * when it is first seen and again at every {@link #refresh()}; until the first answer it has no
 * address, and when an answer fails, or holds no address, the last good one stays.
 */
public final class NameTable {
  private static final Logger log = LoggerFactory.getLogger(NameTable.class);
  private static final InetAddress[] UNRESOLVED = {};

  private final Function<String, Future<List<InetAddress>>> resolver;
  private final Map<String, Name> names = new ConcurrentHashMap<>();

  /**
   * @param resolver asks for all addresses of a name, without blocking; its future may complete on
   *     any thread
   */
  public NameTable(Function<String, Future<List<InetAddress>>> resolver) {
    this.resolver = resolver;
  }

  /** The entry of a host: an IP literal is resolved already, a name soon. */
  public Name of(String host) {
    if (host.isEmpty()) {
      return new Name(host, UNRESOLVED); // a Unix socket: there is nothing to resolve
    }
    byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
    if (literal != null) {
      return new Name(host, addressOf(literal));
    }
    Name fresh = new Name(host, UNRESOLVED);
    Name known = names.putIfAbsent(host, fresh);
    if (known != null) {
      return known;
    }
    ask(fresh);
    return fresh;
  }

  /** Asks for a name that {@link #of} is called with later; a literal needs no asking. */
  void expect(String host) {
    if (!host.isEmpty() && !NetUtil.isValidIpV4Address(host) && !NetUtil.isValidIpV6Address(host)) {
      of(host);
    }
  }

  /** Asks for every name again; the caller repeats it, every few seconds. */
  public void refresh() {
    names.values().forEach(this::ask);
  }

  /** Whether it knows no name: literals are not entered. */
  public boolean isEmpty() {
    return names.isEmpty();
  }

  /** Forgets the names that are not among these. */
  public void retain(Set<String> hosts) {
    names.keySet().retainAll(hosts);
  }

  private void ask(Name name) {
    resolver.apply(name.host).addListener((Future<List<InetAddress>> answer) -> take(name, answer));
  }

  private static void take(Name name, Future<List<InetAddress>> answer) {
    if (answer.isSuccess() && !answer.getNow().isEmpty()) {
      name.addresses = answer.getNow().toArray(UNRESOLVED);
    } else if (name.addresses.length == 0) {
      // Not above debug: a name server's trouble, met again every few seconds.
      log.debug("{}: no address: {}", name.host, String.valueOf(answer.cause()));
    }
  }

  private static InetAddress[] addressOf(byte[] literal) {
    try {
      return new InetAddress[] {InetAddress.getByAddress(literal)};
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e); // only for a length that no literal has
    }
  }

  /** A host and what is known of it. */
  public static final class Name {
    private final String host;
    private volatile InetAddress[] addresses;

    private Name(String host, InetAddress[] addresses) {
      this.host = host;
      this.addresses = addresses;
    }

    /** The addresses of the last good answer; empty before the first. Not to be changed. */
    InetAddress[] addresses() {
      return addresses;
    }
  }
}
