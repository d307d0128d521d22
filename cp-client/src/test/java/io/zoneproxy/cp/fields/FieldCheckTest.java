package io.zoneproxy.cp.fields;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.GrpcService.GoogleGrpc.CallCredentials;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;

final class FieldCheckTest {
  private static final String TABLE =
      """
      [envoy.config.listener.v3.Listener]
      honoured name filter_chains
      harmless stat_prefix # a name only
      [envoy.config.listener.v3.FilterChain]
      honoured filter_chain_match filters
      waiting transport_socket # TLS
      [envoy.config.listener.v3.FilterChainMatch]
      honoured server_names
      [envoy.config.listener.v3.Filter]
      honoured name typed_config
      [envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy]
      honoured cluster
      waiting 4711 # a newer field
      [envoy.config.cluster.v3.Cluster]
      honoured name connect_timeout
      """;

  private static FieldReport check(Message message) throws IOException {
    FieldTable table = FieldTable.parse(new BufferedReader(new StringReader(TABLE)));
    FieldReport report = new FieldReport();
    new FieldCheck(table, XdsTypes.KNOWN).check("Listener/l", message, report);
    return report;
  }

  private static Listener with(Any config) {
    return Listener.newBuilder()
        .setName("l")
        .addFilterChains(
            FilterChain.newBuilder()
                .setFilterChainMatch(FilterChainMatch.newBuilder().addServerNames("a"))
                .addFilters(Filter.newBuilder().setName("f").setTypedConfig(config)))
        .build();
  }

  private static UnknownFieldSet field(int number) {
    return UnknownFieldSet.newBuilder()
        .addField(number, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
        .build();
  }

  @Test
  void countsWhatIsHonouredAlsoInsideAnAny() throws Exception {
    FieldReport report = check(with(Any.pack(TcpProxy.newBuilder().setCluster("c").build())));
    assertThat(report.refused()).isEmpty();
    assertThat(report.honoured())
        .hasSize(8)
        .contains("envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy.cluster");
  }

  @Test
  void namesWhatIsHarmlessOrWaitsWithTheReason() throws Exception {
    FieldReport report = check(Listener.newBuilder().setStatPrefix("x").build());
    assertThat(report.harmless())
        .containsExactly(
            java.util.Map.entry("envoy.config.listener.v3.Listener.stat_prefix", "a name only"));
  }

  @Test
  void refusesAFieldThatTheTableDoesNotNameWithItsPathAndValue() throws Exception {
    FieldReport report =
        check(with(Any.pack(TcpProxy.newBuilder().setCluster("c").setStatPrefix("p").build())));
    assertThat(report.refused())
        .containsExactly(
            "Listener/l.filter_chains[0].filters[0].typed_config.stat_prefix: p (expected: not set:"
                + " it is not supported)");
  }

  @Test
  void showsNothingOfWhatIsInARefusedMessage() throws Exception {
    GrpcService service =
        GrpcService.newBuilder()
            .addInitialMetadata(HeaderValue.newBuilder().setKey("api-key").setValue("s3cret"))
            .setGoogleGrpc(
                GrpcService.GoogleGrpc.newBuilder()
                    .addCallCredentials(
                        CallCredentials.newBuilder().setAccessToken("s3cret-token")))
            .build();
    assertThat(check(service).refused())
        .containsExactlyInAnyOrder(
            "Listener/l.google_grpc: set (expected: not set: it is not supported)",
            "Listener/l.initial_metadata: set (expected: not set: it is not supported)");
  }

  @Test
  void refusesATypeThatIsNotKnown() throws Exception {
    FieldReport report =
        check(with(Any.newBuilder().setTypeUrl("type.googleapis.com/x.Y").build()));
    assertThat(report.refused()).hasSize(1).first().asString().contains("x.Y");
  }

  @Test
  void refusesBytesThatAreNotOfTheirType() throws Exception {
    Any broken =
        Any.pack(TcpProxy.getDefaultInstance()).toBuilder()
            .setValue(ByteString.copyFrom(new byte[] {(byte) 0xff}))
            .build();
    assertThat(check(with(broken)).refused())
        .hasSize(1)
        .first()
        .asString()
        .contains("not readable");
  }

  @Test
  void refusesAFieldThatTheMessageDoesNotHave() throws Exception {
    TcpProxy newer = TcpProxy.newBuilder().setCluster("c").setUnknownFields(field(99)).build();
    assertThat(check(with(Any.pack(newer))).refused())
        .hasSize(1)
        .first()
        .asString()
        .contains("typed_config.<99>: set");
  }

  @Test
  void knowsSomeFieldsThatTheMessageDoesNotHave() throws Exception {
    TcpProxy newer = TcpProxy.newBuilder().setCluster("c").setUnknownFields(field(4711)).build();
    FieldReport report = check(with(Any.pack(newer)));
    assertThat(report.refused()).isEmpty();
    assertThat(report.waiting()).hasSize(1);
  }

  @Test
  void doesNotLookIntoValues() throws Exception {
    Cluster cluster =
        Cluster.newBuilder().setConnectTimeout(Duration.newBuilder().setSeconds(5)).build();
    FieldReport report = check(cluster);
    assertThat(report.refused()).isEmpty();
    assertThat(report.honoured()).hasSize(1);
  }
}
