package io.zoneproxy.cp.translate.listener;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.extensions.filters.network.direct_response.v3.Config;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.NetworkFilter;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.tls.ServerTls;
import io.zoneproxy.cp.translate.http.HttpTranslator;
import io.zoneproxy.cp.translate.tls.TlsTranslator;
import io.zoneproxy.cp.translate.value.Interned;
import io.zoneproxy.cp.translate.value.Problems;
import io.zoneproxy.cp.translate.value.Texts;
import io.zoneproxy.cp.translate.value.Typed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A filter chain: TLS, the filters in order, and the last of them, the chain's end. */
final class ChainTranslator {
  private static final String TERMINALS =
      "tcp_proxy, http_connection_manager or direct_response as the last filter";

  private final HttpTranslator http;
  private final TcpProxyTranslator tcp;
  private final Interned interned;

  ChainTranslator(Interned interned) {
    this.interned = interned;
    http = new HttpTranslator(interned);
    tcp = new TcpProxyTranslator(interned);
  }

  /** Adds the chain, once for each of its matches. */
  void translate(
      FilterChain from, List<ChainMatch> matches, Problems problems, List<ChainSpec> to) {
    Optional<ServerTls> tls =
        from.hasTransportSocket()
            ? TlsTranslator.downstream(from.getTransportSocket(), problems.at("transport_socket"))
                .map(interned::one)
            : Optional.empty();
    List<NetworkFilter> filters = new ArrayList<>();
    Optional<Terminal> end = Optional.empty();
    for (int i = 0; i < from.getFiltersCount(); i++) {
      Problems at = problems.at("filters", i);
      boolean last = i == from.getFiltersCount() - 1;
      Any config = from.getFilters(i).getTypedConfig();
      if (terminal(config)) {
        if (!last) {
          at.add(from.getFilters(i).getName(), "as the last filter only");
        }
        end = end(config, at.at("typed_config"));
      } else {
        step(from.getFilters(i), last, filters, at);
      }
    }
    if (from.getFiltersCount() == 0) {
      end = Optional.of(Terminal.Refusal.NO_FILTERS);
    }
    if (end.isPresent()) {
      for (ChainMatch match : matches) {
        to.add(
            new ChainSpec(
                from.getName(), match.serverName(), match.transport(), tls, filters, end.get()));
      }
    }
  }

  private static void step(
      Filter from, boolean last, List<NetworkFilter> filters, Problems problems) {
    List<NetworkFilter> steps =
        NetworkFilters.of(from.getTypedConfig(), problems.at("typed_config"));
    if (last && !steps.isEmpty()) {
      problems.add(from.getName(), TERMINALS);
    }
    filters.addAll(steps);
  }

  private static boolean terminal(Any config) {
    return Typed.is(config, TcpProxy.getDescriptor())
        || Typed.is(config, HttpConnectionManager.getDescriptor())
        || Typed.is(config, Config.getDescriptor());
  }

  private Optional<Terminal> end(Any config, Problems problems) {
    if (Typed.is(config, TcpProxy.getDescriptor())) {
      return Typed.read(config, TcpProxy.getDescriptor(), TcpProxy.parser(), problems)
          .flatMap(proxy -> tcp.translate(proxy, problems));
    }
    if (Typed.is(config, HttpConnectionManager.getDescriptor())) {
      return Typed.read(
              config,
              HttpConnectionManager.getDescriptor(),
              HttpConnectionManager.parser(),
              problems)
          .map(manager -> new Terminal.HttpProxy(http.translate(manager, problems)));
    }
    return Typed.read(config, Config.getDescriptor(), Config.parser(), problems)
        .flatMap(
            answer ->
                answer.hasResponse()
                    ? Texts.inline(answer.getResponse(), problems.at("response"))
                    : Optional.of(""))
        .map(Terminal.DirectResponse::new);
  }
}
