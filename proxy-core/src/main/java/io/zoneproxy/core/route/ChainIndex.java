package io.zoneproxy.core.route;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.TransportProtocol;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sorts the chains of one listener for a {@link SniTable}. Used once, by one thread. */
final class ChainIndex {
  final Map<String, FilterChain> exact;
  final Map<String, FilterChain> suffix = new HashMap<>();
  ChainTally tally;
  private final Map<String, FilterChain> forAny = new HashMap<>();
  private final Map<String, FilterChain> forPlain = new HashMap<>();

  ChainIndex() {
    this(0);
  }

  /** Room for so many chains. */
  ChainIndex(int chains) {
    exact = new HashMap<>(chains * 2);
    tally = ChainTally.NONE;
  }

  /** All that is in another, all of whose chains are for TLS. */
  ChainIndex(Map<String, FilterChain> exact, Map<String, FilterChain> suffix, ChainTally tally) {
    this.exact = new HashMap<>(exact);
    this.suffix.putAll(suffix);
    this.tally = tally;
  }

  /** Takes out a chain for TLS that is in it. */
  void remove(String name) {
    FilterChain gone =
        name.startsWith(SniTable.WILDCARD) ? suffix.remove(name.substring(1)) : exact.remove(name);
    if (gone != null) {
      tally = tally.with(gone, -1);
    }
  }

  /** Whether none is for anything but TLS. */
  boolean onlyTls() {
    return forAny.isEmpty() && forPlain.isEmpty();
  }

  /**
   * Adds a chain.
   *
   * @throws IllegalArgumentException when another takes the same connections
   */
  void add(TransportProtocol transport, FilterChain chain) {
    FilterChain twin =
        switch (transport) {
          case TLS -> addTls(chain.name(), chain);
          case ANY -> forAny.putIfAbsent(chain.name(), chain);
          case PLAIN -> forPlain.putIfAbsent(chain.name(), chain);
        };
    if (twin != null) {
      throw new IllegalArgumentException(
          "server name %s: two chains take it (%s and %s, transport %s)"
              .formatted(chain.name(), called(twin), called(chain), transport));
    }
    tally = tally.with(chain, 1);
  }

  private static String called(FilterChain chain) {
    return chain.chainName().isEmpty() ? "one without a name" : chain.chainName();
  }

  private @Nullable FilterChain addTls(String name, FilterChain chain) {
    return name.startsWith(SniTable.WILDCARD)
        ? suffix.putIfAbsent(name.substring(1), chain)
        : exact.putIfAbsent(name, chain);
  }

  /** Nothing can be added any more. */
  SniTable table(ListenerSpec source, Map<ChainSpec, SniTable.Made> made) {
    forAny.forEach(this::addTls);
    // A name that only a chain for something else than TLS has leads nowhere, and hides what a
    // shorter name would find.
    forPlain.keySet().forEach(name -> hide(name));
    return new SniTable(this, source, made);
  }

  private void hide(String name) {
    if (!name.isEmpty()) {
      addTls(name, SniTable.NO_ROUTE);
    }
  }

  /** The chain of what is not TLS, which has no server name; null when there is none. */
  @Nullable FilterChain plain() {
    FilterChain own = forPlain.get("");
    return own != null ? own : forAny.get("");
  }
}
