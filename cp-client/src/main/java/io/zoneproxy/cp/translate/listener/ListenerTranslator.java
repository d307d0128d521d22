package io.zoneproxy.cp.translate.listener;

import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.zoneproxy.core.model.Address;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ListenerSpec.Peeking;
import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.cp.translate.value.Addresses;
import io.zoneproxy.cp.translate.value.Interned;
import io.zoneproxy.cp.translate.value.Numbers;
import io.zoneproxy.cp.translate.value.Problems;
import io.zoneproxy.cp.translate.value.Typed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A listener. Its chains come out in the order of what they take, so that equal sets are equal. */
public final class ListenerTranslator {
  private static final int NO_PORT = -1;

  private final ChainTranslator chains;

  /**
   * @param interned makes equal tags and options one object
   */
  public ListenerTranslator(Interned interned) {
    chains = new ChainTranslator(interned);
  }

  /** The listener; empty when there is no address to listen on. Of no use with problems. */
  public Optional<ListenerSpec> translate(Listener from, Problems problems) {
    return around(from, chains(from, port(from), problems), problems);
  }

  /** The listener with these chains, which are in order, whatever chains stand in it. */
  Optional<ListenerSpec> around(Listener from, List<ChainSpec> all, Problems problems) {
    refuseOthers(from, problems);
    Optional<Address> address =
        Addresses.translate(from.getAddress(), Addresses.ANY_PORT, problems.at("address"));
    Peeking peek = peek(from, all, problems);
    return address.map(at -> new ListenerSpec(from.getName(), at, peek, all, from.getStatPrefix()));
  }

  /** As chains are matched with; what is wrong with the address is noted elsewhere. */
  private static int port(Listener from) {
    Optional<Address> address =
        Addresses.translate(
            from.getAddress(), Addresses.ANY_PORT, Problems.of("Listener", from.getName()));
    return address.map(at -> at instanceof HostPort host ? host.port() : NO_PORT).orElse(NO_PORT);
  }

  /** What one chain of a listener takes, once for each of its matches; not in order. */
  List<ChainSpec> chain(FilterChain from, Listener listener, Problems problems) {
    List<ChainSpec> all = new ArrayList<>(1);
    List<ChainMatch> matches = ChainMatch.of(from.getFilterChainMatch(), port(listener), problems);
    if (!matches.isEmpty()) {
      chains.translate(from, matches, problems, all);
    }
    return all;
  }

  private static void refuseOthers(Listener from, Problems problems) {
    problems.refuse("default_filter_chain", from.hasDefaultFilterChain());
    problems.refuse("filter_chain_matcher", from.hasFilterChainMatcher());
    problems.refuse("use_original_dst", from.getUseOriginalDst().getValue());
    problems.refuse("additional_addresses", from.getAdditionalAddressesCount() > 0);
    problems.refuse("udp_listener_config", from.hasUdpListenerConfig());
    problems.refuse("access_log", from.getAccessLogCount() > 0);
  }

  private List<ChainSpec> chains(Listener from, int port, Problems problems) {
    List<ChainSpec> all = new ArrayList<>(from.getFilterChainsCount());
    Map<ChainMatch, Integer> seen = new HashMap<>();
    for (int i = 0; i < from.getFilterChainsCount(); i++) {
      FilterChain chain = from.getFilterChains(i);
      Problems at = problems.at("filter_chains", i);
      Problems match = at.at("filter_chain_match");
      List<ChainMatch> matches = ChainMatch.of(chain.getFilterChainMatch(), port, match);
      for (ChainMatch each : matches) {
        Integer other = seen.putIfAbsent(each, i);
        if (other != null) { // Envoy: "has the same matching rules defined as"
          match.add(each, "other matching rules than filter_chains[" + other + "]");
        }
      }
      if (!matches.isEmpty()) {
        chains.translate(chain, matches, at, all);
      }
    }
    all.sort(ChainSpec.BY_MATCH);
    return all;
  }

  /** A look at what the client sends is taken when a chain needs it, asked for or not, as Envoy. */
  private static Peeking peek(Listener from, List<ChainSpec> chains, Problems problems) {
    boolean hello = false;
    for (int i = 0; i < from.getListenerFiltersCount(); i++) {
      Problems at = problems.at("listener_filters", i).at("typed_config");
      hello |=
          Typed.read(
                  from.getListenerFilters(i).getTypedConfig(),
                  TlsInspector.getDescriptor(),
                  TlsInspector.parser(),
                  at)
              .isPresent();
    }
    hello |= chains.stream().anyMatch(chain -> chain.transport() == TransportProtocol.TLS);
    if (from.getContinueOnListenerFiltersTimeout()) {
      problems.at("continue_on_listener_filters_timeout").add(true, "false");
    }
    var timeout =
        Numbers.positive(
            from.hasListenerFiltersTimeout(),
            from.getListenerFiltersTimeout(),
            problems.at("listener_filters_timeout"));
    return hello ? new Peeking(true, timeout) : Peeking.NONE;
  }
}
