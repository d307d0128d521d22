package io.zoneproxy.cp.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RawResourceTest {
  private static final Map<ResourceType, Message> NAMED_A =
      Map.of(
          ResourceType.CLUSTER,
          Cluster.newBuilder().setName("a").build(),
          ResourceType.ENDPOINT,
          ClusterLoadAssignment.newBuilder().setClusterName("a").build(),
          ResourceType.LISTENER,
          Listener.newBuilder().setStatPrefix("x").setName("a").build(),
          ResourceType.SECRET,
          Secret.newBuilder().setName("a").build());

  @Test
  void findsTheNameInTheBytesOfEachType() throws Exception {
    assertThat(NAMED_A).containsOnlyKeys(ResourceType.values());
    for (Map.Entry<ResourceType, Message> each : NAMED_A.entrySet()) {
      ResourceType type = each.getKey();
      Message message = each.getValue();
      assertThat(message.getDescriptorForType().getFullName())
          .isEqualTo(type.typeUrl().substring("type.googleapis.com/".length()));
      assertThat(RawResource.of(type, "1", message.toByteString()).name()).isEqualTo("a");
    }
  }

  @Test
  void hasNoNameWhereThereIsNone() throws Exception {
    assertThat(RawResource.of(ResourceType.CLUSTER, "1", ByteString.EMPTY).name()).isEmpty();
  }

  @Test
  void refusesBytesThatAreNoMessageHoweverTheyAreCut() {
    ByteString whole = Cluster.newBuilder().setName("default:backend").build().toByteString();
    for (int length = 1; length < whole.size(); length++) {
      ByteString cut = whole.substring(0, length);
      assertThatThrownBy(() -> RawResource.of(ResourceType.CLUSTER, "1", cut))
          .isInstanceOf(IOException.class);
    }
  }
}
