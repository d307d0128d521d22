package io.zoneproxy.core.upstream;

import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.zoneproxy.core.model.ClusterPolicy.DnsFamily;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
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

  /** More addresses than any service has; a longer answer is a mistake, or worse. */
  private static final int MOST_ADDRESSES = 256;

  private final Function<String, Future<List<InetAddress>>> resolver;
  private final Map<String, Name> names = new ConcurrentHashMap<>();
  private final AtomicInteger changes = new AtomicInteger();
  private final UnresolvedNames unresolved;

  /**
   * @param resolver asks for all addresses of a name, without blocking; its future may complete on
   *     any thread
   */
  public NameTable(Function<String, Future<List<InetAddress>>> resolver) {
    this(resolver, new UnresolvedNames(log::warn, log::info));
  }

  /** The same with somebody else to tell. */
  NameTable(Function<String, Future<List<InetAddress>>> resolver, UnresolvedNames unresolved) {
    this.resolver = resolver;
    this.unresolved = unresolved;
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
    Name fresh = new Name(host);
    Name known = names.putIfAbsent(host, fresh);
    if (known != null) {
      return known;
    }
    ask(fresh);
    return fresh;
  }

  /** The entry of a host that others resolve: it is not asked for, and never has an address. */
  static Name ofOthers(String host) {
    boolean literal = NetUtil.createByteArrayFromIpAddressString(host) != null;
    return literal ? new Name(host, UNRESOLVED) : new Name(host);
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

  /** Whether one of these is a name that was asked for. */
  public boolean knowsAny(Collection<String> hosts) {
    return !names.isEmpty() && hosts.stream().anyMatch(names::containsKey);
  }

  /** Forgets the names that are not among these. */
  public void retain(Set<String> hosts) {
    names.keySet().retainAll(hosts);
    unresolved.retain(hosts);
  }

  /** How often a name got its first addresses, or the first or last of a family. */
  int changes() {
    return changes.get();
  }

  private void ask(Name name) {
    resolver.apply(name.host).addListener((Future<List<InetAddress>> answer) -> take(name, answer));
  }

  private void take(Name name, Future<List<InetAddress>> answer) {
    if (answer.isSuccess() && !answer.getNow().isEmpty()) {
      Addresses before = name.addresses;
      List<InetAddress> all = answer.getNow();
      Addresses now = Addresses.of(all.subList(0, Math.min(all.size(), MOST_ADDRESSES)));
      name.addresses = now;
      if (!now.servesAs(before)) {
        changes.incrementAndGet();
      }
      unresolved.onResolved(name.host);
    } else if (name.addresses.all.length == 0 && names.get(name.host) == name) { // still wanted
      unresolved.onFailed(name.host, why(answer));
    }
  }

  private static String why(Future<List<InetAddress>> answer) {
    Throwable cause = answer.cause();
    if (cause == null) {
      return "the answer is empty";
    }
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message.strip();
  }

  private static InetAddress[] addressOf(byte[] literal) {
    try {
      return new InetAddress[] {InetAddress.getByAddress(literal)};
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e); // only for a length that no literal has
    }
  }

  /** What is known for a host, by family. */
  @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
  private record Addresses(InetAddress[] all, InetAddress[] v4, InetAddress[] v6) {
    static final Addresses NONE = constant(UNRESOLVED);

    /** A literal: families are of names, it is what it is. */
    static Addresses constant(InetAddress[] literal) {
      return new Addresses(literal, literal, literal);
    }

    static Addresses of(List<InetAddress> answer) {
      return new Addresses(
          answer.toArray(UNRESOLVED),
          answer.stream().filter(Inet4Address.class::isInstance).toArray(InetAddress[]::new),
          answer.stream().filter(Inet6Address.class::isInstance).toArray(InetAddress[]::new));
    }

    /** Whether every family that has addresses in one has some in the other. */
    boolean servesAs(Addresses other) {
      return (all.length == 0) == (other.all.length == 0)
          && (v4.length == 0) == (other.v4.length == 0)
          && (v6.length == 0) == (other.v6.length == 0);
    }
  }

  /** A host and what is known of it. */
  public static final class Name {
    private final String host;
    private final boolean literal;
    private volatile Addresses addresses;

    /** One that is asked for. */
    private Name(String host) {
      this.host = host;
      this.literal = false;
      this.addresses = Addresses.NONE;
    }

    /** A literal, or nothing at all. */
    private Name(String host, InetAddress[] constant) {
      this.host = host;
      this.literal = true;
      this.addresses = Addresses.constant(constant);
    }

    /** Whether its addresses never change. */
    boolean literal() {
      return literal;
    }

    /**
     * The addresses of the last good answer; empty before the first. Not to be changed.
     *
     * @param family AUTO means all: one that cannot be reached is passed by at the next attempt,
     *     where Envoy would have looked for IPv4 only when there is no IPv6
     */
    InetAddress[] addresses(DnsFamily family) {
      Addresses known = addresses;
      return switch (family) {
        case AUTO, ALL -> known.all;
        case V4_ONLY -> known.v4;
        case V6_ONLY -> known.v6;
        case V4_PREFERRED -> known.v4.length > 0 ? known.v4 : known.v6;
      };
    }
  }
}
