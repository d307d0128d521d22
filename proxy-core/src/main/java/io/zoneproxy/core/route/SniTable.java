package io.zoneproxy.core.route;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.upstream.Cluster;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One listener's filter chains by server name. Immutable: an update builds a new table and swaps
 * the reference, so a match never sees half an update.
 *
 * <p>The rule is Envoy's for {@code server_names}: the exact name, then the longest suffix after
 * {@code *}, then the chain without a name. Its other levels (ports, addresses, protocols) are not
 * here: kuma-cp sets none of them for zone proxies.
 */
public final class SniTable {
  /** Takes nothing. */
  public static final SniTable EMPTY = new SniTable(Map.of(), Map.of());

  private static final FilterChain NO_ROUTE = new FilterChain.Refuse("", CloseReason.NO_ROUTE);
  private static final FilterChain NO_SNI = new FilterChain.Refuse("", CloseReason.NO_SNI);
  private static final String WILDCARD = "*.";

  private final Map<String, FilterChain> exact; // "backend{mesh=default}"; "" is the fallback
  private final Map<String, FilterChain> suffix; // "*.mesh.local" is kept as ".mesh.local"

  private SniTable(Map<String, FilterChain> exact, Map<String, FilterChain> suffix) {
    this.exact = exact;
    this.suffix = suffix;
  }

  /**
   * Builds the table.
   *
   * @param chains with distinct server names after lower-casing
   * @param clusters finds the running cluster of a name
   * @throws IllegalArgumentException when two chains have one server name
   */
  public static SniTable of(List<ChainSpec> chains, Function<String, Cluster> clusters) {
    List<FilterChain> made = new ArrayList<>(chains.size());
    chains.forEach(spec -> made.add(chain(spec, clusters)));
    return of(made);
  }

  /**
   * Builds the table.
   *
   * @param chains with distinct names, in lower case
   * @throws IllegalArgumentException when two chains have one name
   */
  public static SniTable of(List<FilterChain> chains) {
    Map<String, FilterChain> exact = new HashMap<>(chains.size() * 2);
    Map<String, FilterChain> suffix = new HashMap<>();
    for (FilterChain chain : chains) {
      String name = chain.name();
      FilterChain twin =
          name.startsWith(WILDCARD)
              ? suffix.putIfAbsent(name.substring(1), chain)
              : exact.putIfAbsent(name, chain);
      if (twin != null) {
        throw new IllegalArgumentException("server name " + name + ": two chains take it");
      }
    }
    return new SniTable(exact, suffix);
  }

  /**
   * Finds the most specific chain.
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

  /** Whether no chain is there at all. */
  public boolean isEmpty() {
    return exact.isEmpty() && suffix.isEmpty();
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

  private static FilterChain chain(ChainSpec spec, Function<String, Cluster> clusters) {
    String name = lowerCase(spec.serverName());
    if (spec.terminal() instanceof Terminal.TcpProxy relay
        && relay.to() instanceof Destination.ToCluster to) {
      return new FilterChain.Passthrough(name, clusters.apply(to.cluster()).picker(to.subset()));
    }
    throw new IllegalArgumentException("chain " + name + ": no engine for " + spec.terminal());
  }
}
