package io.zoneproxy.cp.fields;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import org.junit.jupiter.api.Test;

/** What the quick look lets pass must be what reflection finds nothing in. */
class WireCheckTest {
  private static final Field SET = Field.newBuilder().addVarint(1).build();

  private final FieldCheck check = new FieldCheck(FieldTable.load(), XdsTypes.KNOWN);

  private boolean passes(Message message) {
    return check.passes(message.getDescriptorForType(), message.toByteString());
  }

  private boolean refused(Message message) {
    FieldReport report = new FieldReport();
    check.check("Resource/x", message, report);
    return !report.refused().isEmpty();
  }

  private static Listener listener(Any filter) {
    return Listener.newBuilder()
        .setName("inbound")
        .addFilterChains(
            FilterChain.newBuilder().addFilters(Filter.newBuilder().setTypedConfig(filter)))
        .build();
  }

  @Test
  void letsTheUsualPass() {
    Listener usual =
        listener(Any.pack(TcpProxy.newBuilder().setStatPrefix("a").setCluster("b").build()));
    assertThat(refused(usual)).isFalse();
    assertThat(passes(usual)).isTrue();
    assertThat(passes(Cluster.newBuilder().setName("a").build())).isTrue();
  }

  @Test
  void findsWhatIsNotKnownAtEveryDepth() {
    UnknownFieldSet unknown = UnknownFieldSet.newBuilder().addField(900, SET).build();
    UnknownFieldSet low = UnknownFieldSet.newBuilder().addField(19, SET).build();
    for (UnknownFieldSet fields : new UnknownFieldSet[] {unknown, low}) {
      Cluster top = Cluster.newBuilder().setName("a").setUnknownFields(fields).build();
      Listener inAny = listener(Any.pack(TcpProxy.newBuilder().setUnknownFields(fields).build()));
      ClusterLoadAssignment deep =
          ClusterLoadAssignment.newBuilder()
              .addEndpoints(
                  LocalityLbEndpoints.newBuilder()
                      .addLbEndpoints(LbEndpoint.newBuilder().setUnknownFields(fields)))
              .build();
      assertThat(passes(inAny)).isFalse();
      assertThat(passes(deep)).isFalse();
      assertThat(passes(top) && refused(top)).isFalse();
      assertThat(refused(inAny)).isTrue();
      assertThat(refused(deep)).isTrue();
    }
  }

  @Test
  void findsWhatIsRefused() {
    Listener tunneling =
        listener(
            Any.pack(
                TcpProxy.newBuilder()
                    .setTunnelingConfig(TcpProxy.TunnelingConfig.newBuilder().setHostname("x"))
                    .build()));
    assertThat(refused(tunneling)).isTrue();
    assertThat(passes(tunneling)).isFalse();
  }

  @Test
  void findsTypesThatMayNotBeThere() {
    Listener other = listener(Any.pack(StringValue.of("x")));
    assertThat(refused(other)).isTrue();
    assertThat(passes(other)).isFalse();
    assertThat(passes(listener(Any.newBuilder().setValue(ByteString.EMPTY).build()))).isFalse();
  }

  @Test
  void doesNotJudgeWhatWouldBeMerged() {
    Filter one =
        Filter.newBuilder().setTypedConfig(Any.pack(TcpProxy.getDefaultInstance())).build();
    ByteString twice = one.toByteString().concat(one.toByteString());
    assertThat(check.passes(Filter.getDescriptor(), one.toByteString())).isTrue();
    assertThat(check.passes(Filter.getDescriptor(), twice)).isFalse();
  }

  @Test
  void doesNotLetCutBytesPass() {
    ByteString whole =
        listener(Any.pack(TcpProxy.newBuilder().setStatPrefix("a").setCluster("b").build()))
            .toByteString();
    for (int size = 1; size < whole.size(); size++) {
      if (check.passes(Listener.getDescriptor(), whole.substring(0, size))) {
        assertThat(readable(whole.substring(0, size))).as("%d bytes", size).isTrue();
      }
    }
  }

  private static boolean readable(ByteString bytes) {
    try {
      Listener unused = Listener.parseFrom(bytes);
      return true;
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      return false;
    }
  }
}
