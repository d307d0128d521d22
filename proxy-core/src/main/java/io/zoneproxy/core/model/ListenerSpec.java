package io.zoneproxy.core.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A bound address with its filter chains.
 *
 * @param name as Envoy names it, for example {@code inbound:10.0.0.5:10002}; unique in a snapshot
 * @param address where to listen; a name is resolved once, when it is bound
 * @param peek how connections are looked at before a chain is chosen
 * @param chains in no particular order: what they take decides
 * @param statPrefix its name in statistics (Envoy: {@code stat_prefix}); "" = made from the address
 */
public record ListenerSpec(
    String name, Address address, Peeking peek, List<ChainSpec> chains, String statPrefix) {
  public ListenerSpec {
    chains = List.copyOf(chains);
  }

  /** Named in statistics after its address. */
  public ListenerSpec(String name, Address address, Peeking peek, List<ChainSpec> chains) {
    this(name, address, peek, chains, "");
  }

  /** A listener that looks at ClientHellos, with the proxy's own limits. */
  public ListenerSpec(String name, Address address, List<ChainSpec> chains) {
    this(name, address, Peeking.CLIENT_HELLO, chains);
  }

  /** The same with other chains. */
  public ListenerSpec withChains(List<ChainSpec> others) {
    return new ListenerSpec(name, address, peek, others, statPrefix);
  }

  /**
   * The chains between those at the beginning and those at the end that are the same objects in
   * another version: few of 100,000, when both are in one order.
   */
  @SuppressWarnings("ReferenceEquality") // equal ones that are others count as changed
  public List<ChainSpec> chainsNotIn(ListenerSpec other) {
    int least = Math.min(chains.size(), other.chains.size());
    int first = 0;
    while (first < least && chains.get(first) == other.chains.get(first)) {
      first++;
    }
    int last = 0; // from the end
    while (last < least - first
        && chains.get(chains.size() - 1 - last)
            == other.chains.get(other.chains.size() - 1 - last)) {
      last++;
    }
    return chains.subList(first, chains.size() - last);
  }

  /**
   * How connections are looked at (Envoy: listener filters).
   *
   * @param clientHello whether the first bytes are awaited; without, the chain that takes anything
   *     begins at once
   * @param timeout for them; empty = the proxy's own ({@code --hello-timeout})
   */
  public record Peeking(boolean clientHello, Optional<Duration> timeout) {
    /** The first bytes are awaited. */
    public static final Peeking CLIENT_HELLO = new Peeking(true, Optional.empty());

    /** Nothing is awaited. */
    public static final Peeking NONE = new Peeking(false, Optional.empty());
  }
}
