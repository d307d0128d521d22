package io.zoneproxy.cp.dump;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.zoneproxy.cp.fields.XdsTypes;
import org.junit.jupiter.api.Test;

final class SensitiveFieldsTest {
  private final SensitiveFields fields =
      new SensitiveFields(XdsTypes.KNOWN, SensitiveFields.REDACTED);

  /** What is seen from the bytes must be so. */
  private boolean none(Message message) {
    boolean none = fields.none(message.getDescriptorForType(), message.toByteString());
    if (none) {
      assertThat(fields.replaced(message)).isSameAs(message);
    }
    return none;
  }

  private static Listener.Builder relay() {
    TcpProxy proxy = TcpProxy.newBuilder().setStatPrefix("s").setCluster("c").build();
    return Listener.newBuilder()
        .setName("l")
        .addFilterChains(
            FilterChain.newBuilder()
                .setFilterChainMatch(FilterChainMatch.newBuilder().addServerNames("a"))
                .addFilters(Filter.newBuilder().setName("f").setTypedConfig(Any.pack(proxy))));
  }

  private static TlsCertificate certificate() {
    return TlsCertificate.newBuilder()
        .setCertificateChain(DataSource.newBuilder().setInlineString("public"))
        .setPrivateKey(DataSource.newBuilder().setInlineString("deep secret"))
        .build();
  }

  @Test
  void seesFromItsBytesThatAMessageHasNoSecret() {
    assertThat(none(relay().build())).isTrue();
    assertThat(none(Cluster.newBuilder().setName("c").build())).isTrue();
    assertThat(none(Secret.newBuilder().setName("s").build())).isTrue();
  }

  @Test
  void seesASecretAlsoInAnAny() {
    DownstreamTlsContext tls =
        DownstreamTlsContext.newBuilder()
            .setCommonTlsContext(CommonTlsContext.newBuilder().addTlsCertificates(certificate()))
            .build();
    Listener.Builder listener = relay();
    listener
        .getFilterChainsBuilder(0)
        .setTransportSocket(TransportSocket.newBuilder().setTypedConfig(Any.pack(tls)));
    assertThat(none(listener.build())).isFalse();
    assertThat(none(Secret.newBuilder().setTlsCertificate(certificate()).build())).isFalse();
  }

  @Test
  void knowsNothingOfATypeThatItDoesNotKnow() {
    Listener.Builder listener = relay();
    listener
        .getFilterChainsBuilder(0)
        .getFiltersBuilder(0)
        .setTypedConfig(Any.newBuilder().setTypeUrl("type.googleapis.com/of.nobody"));
    assertThat(none(listener.build())).isFalse();
  }

  @Test
  void knowsNothingOfWhatIsNoMessage() {
    ByteString whole = relay().build().toByteString();
    assertThat(fields.none(Listener.getDescriptor(), whole.substring(0, whole.size() - 1)))
        .isFalse();
  }
}
