package io.zoneproxy.cp.dump;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.admin.v3.BootstrapConfigDump;
import io.envoyproxy.envoy.admin.v3.ClustersConfigDump;
import io.envoyproxy.envoy.admin.v3.EndpointsConfigDump;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump;
import io.envoyproxy.envoy.admin.v3.RoutesConfigDump;
import io.envoyproxy.envoy.admin.v3.ScopedRoutesConfigDump;
import io.envoyproxy.envoy.admin.v3.SecretsConfigDump;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.zoneproxy.cp.fields.XdsTypes;
import io.zoneproxy.cp.resource.RawResource;
import io.zoneproxy.cp.resource.ResourceStore;
import io.zoneproxy.cp.resource.ResourceType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConfigDumpTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  private static final String BOOTSTRAP =
      """
      {"node": {"id": ".egress-1"},
       "dynamicResources": {"adsConfig": {"grpcServices": [
         {"initialMetadata": [{"key": "authorization", "value": "eyJ.the.token"}]}]}}}
      """;

  private final ResourceStore store = new ResourceStore();
  private Map<String, String> unbound = Map.of();

  @Test
  void isProtoJsonOfEnvoysMessage() throws Exception {
    put(ResourceType.CLUSTER, "c", Cluster.newBuilder().setName("c").build());
    put(ResourceType.LISTENER, "l", Listener.newBuilder().setName("l").build());
    put(ResourceType.ENDPOINT, "c", ClusterLoadAssignment.newBuilder().setClusterName("c").build());
    put(ResourceType.SECRET, "s", Secret.newBuilder().setName("s").build());

    io.envoyproxy.envoy.admin.v3.ConfigDump dump = parsed(write(true));

    assertThat(dump.getConfigs(0).unpack(BootstrapConfigDump.class).getBootstrap().getNode())
        .extracting(node -> node.getId())
        .isEqualTo(".egress-1");
    assertThat(dump.getConfigsList().stream().map(Any::getTypeUrl))
        .containsExactly(
            url(BootstrapConfigDump.getDefaultInstance()),
            url(ClustersConfigDump.getDefaultInstance()),
            url(EndpointsConfigDump.getDefaultInstance()),
            url(ListenersConfigDump.getDefaultInstance()),
            url(ScopedRoutesConfigDump.getDefaultInstance()),
            url(RoutesConfigDump.getDefaultInstance()),
            url(SecretsConfigDump.getDefaultInstance()));
    ClustersConfigDump clusters = dump.getConfigs(1).unpack(ClustersConfigDump.class);
    assertThat(clusters.getDynamicActiveClusters(0).getCluster().unpack(Cluster.class).getName())
        .isEqualTo("c");
    assertThat(clusters.getDynamicActiveClusters(0).getVersionInfo()).isEqualTo("v1");
  }

  @Test
  void namesThatATerminalWouldObeyAreEscaped() throws Exception {
    String name = "c\u009b\u001b\u007f\u202E\né";
    put(ResourceType.CLUSTER, name, Cluster.newBuilder().setName(name).build());

    assertThat(write(false))
        .contains("c\\u009b\\u001b\\u007f\\u202e\\né")
        .doesNotContain("\u009b", "\u001b", "\u007f", "\u202E", "\né");
    ClustersConfigDump clusters =
        parsed(write(false)).getConfigs(1).unpack(ClustersConfigDump.class);
    assertThat(clusters.getDynamicActiveClusters(0).getCluster().unpack(Cluster.class).getName())
        .isEqualTo(name);
  }

  @Test
  void endpointsComeOnRequestOnly() throws Exception {
    assertThat(write(false)).doesNotContain("EndpointsConfigDump");
    assertThat(write(true)).contains("EndpointsConfigDump");
  }

  @Test
  void tokensAndKeysAreRedacted() {
    put(
        ResourceType.SECRET,
        "s",
        Secret.newBuilder()
            .setName("s")
            .setTlsCertificate(
                TlsCertificate.newBuilder()
                    .setCertificateChain(inline("the certificate"))
                    .setPrivateKey(inline("the key")))
            .build());

    assertThat(write(true)).doesNotContain("eyJ.the.token").doesNotContain(base64("the key"));
    assertThat(write(true)).contains(base64("the certificate"), base64("[redacted]"));
  }

  @Test
  void aRefusedListenerShowsWhyBesideTheOneInForce() throws Exception {
    put(ResourceType.LISTENER, "l", Listener.newBuilder().setName("l").build());
    store.refuse(
        new RawResource(ResourceType.LISTENER, "l", "v2", ByteString.EMPTY), "field x: not known");
    store.refuse(new RawResource(ResourceType.LISTENER, "new", "v2", ByteString.EMPTY), "field y");

    ListenersConfigDump listeners =
        parsed(write(false)).getConfigs(2).unpack(ListenersConfigDump.class);

    assertThat(listeners.getDynamicListeners(0).getActiveState().getVersionInfo()).isEqualTo("v1");
    assertThat(listeners.getDynamicListeners(0).getErrorState().getDetails())
        .isEqualTo("field x: not known");
    assertThat(listeners.getDynamicListeners(1).getName()).isEqualTo("new");
    assertThat(listeners.getDynamicListeners(1).hasActiveState()).isFalse();
  }

  @Test
  void aListenerWithoutItsAddressIsWarmingAndSaysWhy() throws Exception {
    put(ResourceType.LISTENER, "l", Listener.newBuilder().setName("l").build());
    unbound = Map.of("l", "cannot listen on 127.0.0.1:1");

    ListenersConfigDump listeners =
        parsed(write(false)).getConfigs(2).unpack(ListenersConfigDump.class);

    assertThat(listeners.getDynamicListeners(0).hasActiveState()).isFalse();
    assertThat(listeners.getDynamicListeners(0).getWarmingState().getVersionInfo()).isEqualTo("v1");
    assertThat(listeners.getDynamicListeners(0).getErrorState().getDetails())
        .isEqualTo("cannot listen on 127.0.0.1:1");
  }

  @Test
  void aSecretThatIsWaitedForIsWarming() throws Exception {
    SecretsConfigDump secrets = parsed(write(false)).getConfigs(5).unpack(SecretsConfigDump.class);

    assertThat(secrets.getDynamicWarmingSecrets(0).getName()).isEqualTo("awaited");
  }

  private String write(boolean endpoints) {
    JsonObject bootstrap = JsonParser.parseString(BOOTSTRAP).getAsJsonObject();
    return new ConfigDump(XdsTypes.KNOWN)
        .write(
            List.of(new ConfigDump.Source(bootstrap, NOW, store, Set.of("awaited"), unbound)),
            endpoints)
        .toString();
  }

  private static io.envoyproxy.envoy.admin.v3.ConfigDump parsed(String json) throws Exception {
    TypeRegistry.Builder types = TypeRegistry.newBuilder();
    for (Message each :
        List.of(
            BootstrapConfigDump.getDefaultInstance(),
            ClustersConfigDump.getDefaultInstance(),
            EndpointsConfigDump.getDefaultInstance(),
            ListenersConfigDump.getDefaultInstance(),
            RoutesConfigDump.getDefaultInstance(),
            ScopedRoutesConfigDump.getDefaultInstance(),
            SecretsConfigDump.getDefaultInstance(),
            Cluster.getDefaultInstance(),
            ClusterLoadAssignment.getDefaultInstance(),
            Listener.getDefaultInstance())) {
      types.add(each.getDescriptorForType());
    }
    io.envoyproxy.envoy.admin.v3.ConfigDump.Builder dump =
        io.envoyproxy.envoy.admin.v3.ConfigDump.newBuilder();
    JsonFormat.parser().usingTypeRegistry(types.build()).merge(json, dump);
    return dump.build();
  }

  private void put(ResourceType type, String name, Message message) {
    store.put(new RawResource(type, name, "v1", message.toByteString()));
  }

  private static DataSource inline(String text) {
    return DataSource.newBuilder().setInlineBytes(ByteString.copyFromUtf8(text)).build();
  }

  private static String base64(String text) {
    return java.util.Base64.getEncoder()
        .encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static String url(Message of) {
    return "type.googleapis.com/" + of.getDescriptorForType().getFullName();
  }
}
