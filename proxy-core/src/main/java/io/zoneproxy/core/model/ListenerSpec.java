package io.zoneproxy.core.model;

import java.util.List;

/**
 * A bound address with its filter chains.
 *
 * @param name as Envoy names it, for example {@code inbound:10.0.0.5:10002}; unique in a snapshot
 * @param address where to listen; a name is resolved once, when it is bound
 * @param chains in no particular order: their server names decide
 */
public record ListenerSpec(String name, HostPort address, List<ChainSpec> chains) {
  public ListenerSpec {
    chains = List.copyOf(chains);
  }
}
