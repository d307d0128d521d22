package io.zoneproxy.cp.translate.listener;

import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.cp.translate.value.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a chain takes.
 *
 * @param serverName lower case; "" takes what no other takes
 */
record ChainMatch(String serverName, TransportProtocol transport) {
  private static final String WILDCARD = "*.";

  /**
   * One for each server name; none when the chain can never be chosen, which is told.
   *
   * @param port of the listener; negative when it has none
   */
  static List<ChainMatch> of(FilterChainMatch from, int port, Problems problems) {
    refuseOthers(from, problems);
    if (from.hasDestinationPort() && from.getDestinationPort().getValue() != port) {
      problems
          .at("destination_port")
          .note(
              Integer.toUnsignedString(from.getDestinationPort().getValue())
                  + ": the chain takes no connection, for its listener's port is another");
      return List.of();
    }
    Optional<TransportProtocol> transport =
        transport(from.getTransportProtocol(), problems.at("transport_protocol"));
    if (transport.isEmpty()) {
      return List.of();
    }
    if (from.getServerNamesCount() == 0) {
      return List.of(new ChainMatch("", transport.get()));
    }
    if (transport.get() == TransportProtocol.PLAIN) {
      problems.note("server_names with raw_buffer: the chain takes no connection");
      return List.of();
    }
    List<ChainMatch> matches = new ArrayList<>(from.getServerNamesCount());
    for (int i = 0; i < from.getServerNamesCount(); i++) {
      String name = from.getServerNames(i).toLowerCase(Locale.ROOT);
      if (name.lastIndexOf('*') > 0 || (name.startsWith("*") && !name.startsWith(WILDCARD))) {
        problems.at("server_names", i).add(name, "a star only before the first dot");
      }
      matches.add(new ChainMatch(name, name.isEmpty() ? transport.get() : TransportProtocol.TLS));
    }
    return matches;
  }

  private static Optional<TransportProtocol> transport(String from, Problems problems) {
    return switch (from) {
      case "" -> Optional.of(TransportProtocol.ANY);
      case "tls" -> Optional.of(TransportProtocol.TLS);
      case "raw_buffer" -> Optional.of(TransportProtocol.PLAIN);
      default -> {
        problems.add(from, "tls or raw_buffer");
        yield Optional.empty();
      }
    };
  }

  private static void refuseOthers(FilterChainMatch from, Problems problems) {
    refuse("prefix_ranges", from.getPrefixRangesCount() > 0, problems);
    refuse("address_suffix", !from.getAddressSuffix().isEmpty(), problems);
    refuse("suffix_len", from.hasSuffixLen(), problems);
    refuse("direct_source_prefix_ranges", from.getDirectSourcePrefixRangesCount() > 0, problems);
    refuse(
        "source_type", from.getSourceType() != FilterChainMatch.ConnectionSourceType.ANY, problems);
    refuse("source_prefix_ranges", from.getSourcePrefixRangesCount() > 0, problems);
    refuse("source_ports", from.getSourcePortsCount() > 0, problems);
    refuse("application_protocols", from.getApplicationProtocolsCount() > 0, problems);
  }

  private static void refuse(String field, boolean set, Problems problems) {
    if (set) {
      problems.at(field).add("set", "server_names and transport_protocol only");
    }
  }

  @Override
  public String toString() {
    return "[" + serverName + ", " + transport + "]";
  }
}
