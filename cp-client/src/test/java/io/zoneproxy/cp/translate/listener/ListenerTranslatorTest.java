package io.zoneproxy.cp.translate.listener;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.UnknownFieldSet;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.CidrRange;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.Pipe;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.extensions.filters.common.set_filter_state.v3.FilterStateValue;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.local_ratelimit.v3.LocalRateLimit;
import io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.network.set_filter_state.v3.Config;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.type.v3.HashPolicy;
import io.envoyproxy.envoy.type.v3.TokenBucket;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ListenerSpec.Peeking;
import io.zoneproxy.core.model.NetworkFilter;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.cp.translate.value.FieldGate;
import io.zoneproxy.cp.translate.value.Interned;
import io.zoneproxy.cp.translate.value.Problems;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ListenerTranslatorTest {
  private final Problems problems = Problems.of("Listener", "l");

  private ListenerSpec translate(Listener.Builder from) {
    ListenerTranslator translator = new ListenerTranslator(new Interned());
    ListenerSpec listener = translator.translate(from.setName("l").build(), problems).orElseThrow();
    Optional<ListenerSpec> quick =
        new ListenerReader(translator, FieldGate.OPEN).read("l", from.build().toByteString());
    assertThat((problems.any() || !problems.notes().isEmpty()) && quick.isPresent()).isFalse();
    quick.ifPresent(read -> assertThat(read).isEqualTo(listener));
    return listener;
  }

  private static Listener.Builder listener(FilterChain.Builder... chains) {
    Listener.Builder listener =
        Listener.newBuilder()
            .setAddress(
                Address.newBuilder()
                    .setSocketAddress(
                        SocketAddress.newBuilder().setAddress("10.0.0.1").setPortValue(10001)));
    for (FilterChain.Builder each : chains) {
      listener.addFilterChains(each);
    }
    return listener;
  }

  private static FilterChain.Builder chain(Message... filters) {
    FilterChain.Builder chain = FilterChain.newBuilder();
    for (Message each : filters) {
      chain.addFilters(Filter.newBuilder().setName("f").setTypedConfig(Any.pack(each)));
    }
    return chain;
  }

  private static TcpProxy to(String cluster) {
    return TcpProxy.newBuilder().setCluster(cluster).build();
  }

  private static FilterChain.Builder sni(String... names) {
    return chain(to("c"))
        .setFilterChainMatch(
            FilterChainMatch.newBuilder()
                .addAllServerNames(List.of(names))
                .setTransportProtocol("tls"));
  }

  @Test
  void makesAChainOfEachServerNameInTheirOrder() {
    ListenerSpec listener = translate(listener(sni("B{mesh=m}", "*.x"), sni("a").setName("n")));
    assertThat(listener.chains())
        .extracting(ChainSpec::serverName)
        .containsExactly("*.x", "a", "b{mesh=m}");
    assertThat(listener.chains().get(1))
        .isEqualTo(
            new ChainSpec(
                "n",
                "a",
                TransportProtocol.TLS,
                Optional.empty(),
                List.of(),
                Terminal.TcpProxy.to(new Destination.ToCluster("c", Map.of()))));
    assertThat(listener.peek()).isEqualTo(Peeking.CLIENT_HELLO); // a chain needs it
    assertThat(problems.any()).isFalse();
  }

  @Test
  void listensOnAUnixSocketAndLooksAtNothing() {
    Listener.Builder piped =
        listener(chain(to("c")))
            .setAddress(Address.newBuilder().setPipe(Pipe.newBuilder().setPath("/run/x")));
    ListenerSpec listener = translate(piped);
    assertThat(listener.address()).isEqualTo(new io.zoneproxy.core.model.Pipe("/run/x"));
    assertThat(listener.peek()).isEqualTo(Peeking.NONE);
  }

  @Test
  void keepsItsNameInStatistics() {
    ListenerSpec listener = translate(listener(chain(to("c"))).setStatPrefix("kuma_envoy_admin"));
    assertThat(listener.statPrefix()).isEqualTo("kuma_envoy_admin");
  }

  @Test
  void looksAtTheClientHelloForATime() {
    Listener.Builder from =
        listener(chain(to("c")))
            .addListenerFilters(
                ListenerFilter.newBuilder()
                    .setTypedConfig(Any.pack(TlsInspector.getDefaultInstance())))
            .setListenerFiltersTimeout(Duration.newBuilder().setSeconds(3));
    assertThat(translate(from).peek().clientHello()).isTrue();
    assertThat(translate(from).peek().timeout()).hasValue(java.time.Duration.ofSeconds(3));
  }

  @Test
  void refusesTwoChainsThatTakeTheSame() {
    translate(listener(sni("a"), sni("b", "A")));
    assertThat(problems.all())
        .containsExactly(
            "Listener/l.filter_chains[1].filter_chain_match: [a, TLS] (expected: other matching"
                + " rules than filter_chains[0])");
  }

  @Test
  void refusesOtherMatchersByTheirNames() {
    FilterChain.Builder odd = sni("a", "f*o");
    odd.getFilterChainMatchBuilder()
        .addSourcePrefixRanges(CidrRange.getDefaultInstance())
        .addApplicationProtocols("h2");
    FilterChain.Builder quic = chain(to("c"));
    quic.getFilterChainMatchBuilder().setTransportProtocol("quic");
    translate(listener(odd, quic));
    String match = "Listener/l.filter_chains[0].filter_chain_match.";
    assertThat(problems.all())
        .containsExactly(
            match
                + "source_prefix_ranges: set (expected: server_names and transport_protocol only)",
            match
                + "application_protocols: set (expected: server_names and transport_protocol only)",
            match + "server_names[1]: f*o (expected: a star only before the first dot)",
            "Listener/l.filter_chains[1].filter_chain_match.transport_protocol: quic (expected: tls"
                + " or raw_buffer)");
  }

  @Test
  void leavesAChainOutThatNoConnectionCanReach() {
    FilterChain.Builder same = sni("a");
    same.getFilterChainMatchBuilder().setDestinationPort(UInt32Value.of(10001));
    FilterChain.Builder other = sni("b");
    other.getFilterChainMatchBuilder().setDestinationPort(UInt32Value.of(7));
    assertThat(translate(listener(same, other)).chains())
        .extracting(ChainSpec::serverName)
        .containsExactly("a");
    assertThat(problems.any()).isFalse();
    assertThat(problems.notes())
        .singleElement()
        .asString()
        .startsWith("Listener/l.filter_chains[1].filter_chain_match.destination_port: 7: ");
  }

  @Test
  void readsTheFiltersBeforeTheEnd() {
    FilterStateValue value =
        FilterStateValue.newBuilder()
            .setObjectKey("k")
            .setFactoryKey("envoy.string")
            .setFormatString(
                SubstitutionFormatString.newBuilder()
                    .setTextFormatSource(
                        DataSource.newBuilder().setInlineString("%REQUESTED_SERVER_NAME%")))
            .build();
    Config newer =
        Config.newBuilder()
            .setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .addField(
                        2,
                        UnknownFieldSet.Field.newBuilder()
                            .addLengthDelimited(value.toByteString())
                            .build())
                    .build())
            .build();
    LocalRateLimit limit =
        LocalRateLimit.newBuilder()
            .setTokenBucket(
                TokenBucket.newBuilder()
                    .setMaxTokens(5)
                    .setFillInterval(Duration.newBuilder().setSeconds(1)))
            .build();
    ListenerSpec listener =
        translate(listener(chain(newer, RBAC.getDefaultInstance(), limit, to("c"))));
    assertThat(problems.all()).isEmpty();
    assertThat(listener.chains().get(0).filters()).hasSize(3);
    assertThat(listener.chains().get(0).filters().get(0))
        .isEqualTo(new NetworkFilter.SetFilterState("k", "%REQUESTED_SERVER_NAME%"));
    assertThat(listener.chains().get(0).filters().get(2))
        .isInstanceOf(NetworkFilter.RateLimit.class);
  }

  @Test
  void refusesFiltersThatItDoesNotKnowAndChainsWithoutAnEnd() {
    refused(chain(TlsInspector.getDefaultInstance(), to("c")));
    refused(chain(RBAC.getDefaultInstance()));
    refused(chain(to("c"), to("c")));
    refused(chain(TcpProxy.getDefaultInstance()));
    String filter = "Listener/l.filter_chains[0].filters[0]";
    assertThat(problems.all())
        .containsExactly(
            filter
                + ".typed_config: type"
                + " envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector (expected:"
                + " tcp_proxy, http_connection_manager, direct_response, rbac, local_ratelimit or"
                + " set_filter_state)",
            filter
                + ": f (expected: tcp_proxy, http_connection_manager or direct_response as the"
                + " last filter)",
            filter + ": f (expected: as the last filter only)",
            filter + ".typed_config.cluster: empty (expected: cluster or weighted_clusters)");
  }

  private void refused(FilterChain.Builder chain) {
    translate(listener(chain));
  }

  @Test
  void readsWeightsIdleTimeoutAndHash() {
    TcpProxy.Builder from =
        TcpProxy.newBuilder()
            .setIdleTimeout(Duration.newBuilder().setSeconds(7))
            .addHashPolicy(
                HashPolicy.newBuilder().setSourceIp(HashPolicy.SourceIp.getDefaultInstance()));
    from.getWeightedClustersBuilder().addClustersBuilder().setName("a").setWeight(1);
    from.getWeightedClustersBuilder().addClustersBuilder().setName("b").setWeight(2);
    Terminal end = translate(listener(chain(from.build()))).chains().get(0).terminal();
    assertThat(end)
        .isInstanceOfSatisfying(
            Terminal.TcpProxy.class,
            proxy -> {
              assertThat(proxy.to().clusters()).hasSize(2);
              assertThat(proxy.options().idleTimeout()).hasValue(java.time.Duration.ofSeconds(7));
              assertThat(proxy.options().hash()).hasSize(1);
            });
  }
}
