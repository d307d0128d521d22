package io.zoneproxy.core.route;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ListenerSpec.Peeking;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.upstream.Cluster;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One listener's filter chains by server name and transport protocol. Immutable: an update builds a
 * new table and swaps the reference, so a match never sees half an update.
 *
 * <p>The rule is Envoy's. First the server name: the exact name, then the longest suffix after
 * {@code *}, then the chains without a name. Among the chains of that name, the one for the
 * connection's transport protocol, then the one for any. There is no way back to a shorter name.
 * Envoy's other levels (ports, addresses, ALPN) are not here: kuma-cp sets none of them for zone
 * proxies.
 */
public final class SniTable {
  static final FilterChain NO_ROUTE = new FilterChain.Refuse("", CloseReason.NO_ROUTE);
  static final String WILDCARD = "*.";
  private static final FilterChain NO_SNI = new FilterChain.Refuse("", CloseReason.NO_SNI);
  private static final FilterChain NOT_TLS = new FilterChain.Refuse("", CloseReason.NOT_TLS);

  /** Takes nothing. */
  public static final SniTable EMPTY =
      new ChainIndex().table(new ListenerSpec("", new HostPort("*", 0), List.of()), Map.of());

  private final Map<String, FilterChain> exact; // "backend{mesh=default}"; "" is the fallback
  private final Map<String, FilterChain> suffix; // "*.mesh.local" is kept as ".mesh.local"
  private final FilterChain plain;
  private final ChainTally tally;
  private final boolean onlyTls;
  private final ListenerSpec source;
  private final Map<ChainSpec, Made> made;

  /**
   * What was not made from the chain alone, to be kept by the next table.
   *
   * @param chain as made
   * @param secrets that it was made with
   * @param holds whether it would be made alike for a later snapshot with the same chain and
   *     secrets
   */
  record Made(FilterChain chain, Map<?, ?> secrets, Predicate<ProxySnapshot> holds) {
    Made(FilterChain chain, Map<?, ?> secrets) {
      this(chain, secrets, next -> true);
    }
  }

  SniTable(ChainIndex index, ListenerSpec source, Map<ChainSpec, Made> made) {
    this.exact = index.exact;
    this.suffix = index.suffix;
    FilterChain any = index.plain();
    FilterChain none = source.peek().clientHello() ? NOT_TLS : NO_ROUTE;
    this.plain = any != null ? any : none;
    this.tally = index.tally;
    this.onlyTls = index.onlyTls();
    this.source = source;
    this.made = made;
  }

  /**
   * Builds the table of a listener that looks at ClientHellos, with passthrough chains.
   *
   * @param chains with distinct server names after lower-casing
   * @param clusters finds the running cluster of a name
   * @throws IllegalArgumentException when two chains take the same connections
   */
  public static SniTable of(List<ChainSpec> chains, Function<String, Cluster> clusters) {
    ListenerSpec listener = new ListenerSpec("", EMPTY.source.address(), chains);
    return new TableBuilder(ChainEngine.NONE, clusters).table(listener, ProxySnapshot.EMPTY, EMPTY);
  }

  /**
   * Builds the table of chains for TLS.
   *
   * @param chains with distinct names, in lower case
   * @throws IllegalArgumentException when two chains have one name
   */
  public static SniTable of(List<FilterChain> chains) {
    ChainIndex index = new ChainIndex();
    chains.forEach(chain -> index.add(TransportProtocol.TLS, chain));
    return index.table(EMPTY.source, Map.of());
  }

  /**
   * Finds the most specific chain for TLS.
   *
   * @param serverName lower-case SNI, "" when the client sent none. Kuma's names hold '{', '=' and
   *     ',': never parse them as DNS names
   * @return a {@link FilterChain.Refuse} when no chain takes it
   */
  public FilterChain match(String serverName) {
    FilterChain chain = exact.get(serverName);
    for (int dot = serverName.indexOf('.'); chain == null && dot >= 0; ) {
      chain = suffix.get(serverName.substring(dot));
      dot = serverName.indexOf('.', dot + 1);
    }
    if (chain == null) {
      chain = exact.get("");
    }
    return chain != null ? chain : serverName.isEmpty() ? NO_SNI : NO_ROUTE;
  }

  /**
   * Finds the most specific chain.
   *
   * @return a {@link FilterChain.Refuse} when no chain takes it
   */
  public FilterChain match(Opening opening) {
    return opening.transport() == TransportProtocol.TLS ? match(opening.serverName()) : plain;
  }

  /** How connections are looked at before they match. */
  public Peeking peeking() {
    return source.peek();
  }

  /** Whether no chain is there at all. */
  public boolean isEmpty() {
    return source.chains().isEmpty() && exact.isEmpty() && suffix.isEmpty();
  }

  /**
   * How many chains serve what a mesh is for: one that relays, or has a server name. Chains for
   * metrics, readiness and the like are not counted, nor those that are meant to refuse.
   */
  public int routes() {
    return tally.routes();
  }

  /** How many of the {@link #routes} do not wait for something either. */
  public int serving() {
    return tally.serving();
  }

  /** How many chains with a server name refuse every connection, for whatever reason. */
  public int refusing() {
    return tally.refusing();
  }

  /** One of those; empty when there is none. Looks at all chains. */
  public Optional<FilterChain.Refuse> anyRefusing() {
    return Stream.concat(exact.values().stream(), suffix.values().stream())
        .filter(chain -> !chain.name().isEmpty())
        .filter(FilterChain.Refuse.class::isInstance)
        .map(FilterChain.Refuse.class::cast)
        .min(Comparator.comparing(FilterChain.Refuse::name));
  }

  /** Its chains, to add some and take some out; empty when that is not simple. */
  Optional<ChainIndex> index() {
    return onlyTls ? Optional.of(new ChainIndex(exact, suffix, tally)) : Optional.empty();
  }

  /** What it was built from. */
  ListenerSpec source() {
    return source;
  }

  /** What the next table may keep. */
  Map<ChainSpec, Made> made() {
    return made;
  }

  /** Folds A to Z only: a locale must never decide on a route. */
  static String lowerCase(String name) {
    int i = 0;
    while (i < name.length() && !isUpperCase(name.charAt(i))) {
      i++;
    }
    return i == name.length() ? name : fold(name); // the same string takes no more memory
  }

  private static boolean isUpperCase(char c) {
    return c >= 'A' && c <= 'Z';
  }

  private static String fold(String name) {
    StringBuilder folded = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      folded.append(isUpperCase(c) ? (char) (c + ('a' - 'A')) : c);
    }
    return folded.toString();
  }
}
