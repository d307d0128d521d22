package io.zoneproxy.cp.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.observe.process.ControlPlaneStats;
import io.zoneproxy.cp.bootstrap.BootstrapRequest;
import io.zoneproxy.cp.bootstrap.Environment;
import io.zoneproxy.cp.bootstrap.ProxyIdentity;
import io.zoneproxy.cp.bootstrap.Retries;
import io.zoneproxy.cp.fields.XdsTypes;
import io.zoneproxy.cp.lastgood.LastKnownGood;
import io.zoneproxy.cp.resource.RawResource;
import io.zoneproxy.cp.resource.ResourceStore;
import io.zoneproxy.cp.resource.ResourceType;
import io.zoneproxy.cp.sds.SecretAgent;
import io.zoneproxy.cp.sds.Spire;
import io.zoneproxy.cp.trust.Trust;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session whose secrets come from SPIRE's agent, while the control plane is away. */
final class SpireSessionTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final SecretName IDENTITY = new SecretName(Spire.ID, Spire.AGENT);
  private static final SecretName BUNDLES = new SecretName(Spire.ALL, Spire.AGENT);

  private final Path folder;
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  private volatile ProxySnapshot served = ProxySnapshot.EMPTY;

  SpireSessionTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @AfterEach
  void stop() {
    loops.shutdownGracefully();
  }

  private void keep(Path socket) throws IOException {
    ResourceStore store = new ResourceStore();
    put(store, ResourceType.CLUSTER, Spire.agent(socket));
    put(store, ResourceType.CLUSTER, Spire.upstream());
    put(store, ResourceType.LISTENER, Spire.listener(Spire.ID));
    new LastKnownGood(folder, "default.zp-1", Optional.empty(), XdsTypes.KNOWN)
        .save(store, Instant.now());
  }

  private static void put(ResourceStore store, ResourceType type, Message message)
      throws IOException {
    store.put(RawResource.of(type, "1", message.toByteString()));
  }

  private ControlPlaneSession session() {
    BootstrapRequest request =
        new BootstrapRequest(
            new ProxyIdentity("dataplane", "zp-1", "default", ""),
            "token",
            "",
            "",
            new Environment(0, "", "", false, Environment.MetricsTls.NONE, "", Map.of()),
            BootstrapRequest.FEATURES,
            "1.0");
    SessionSettings settings =
        new SessionSettings(
            URI.create("https://127.0.0.1:1"), // nobody listens there
            Trust.everybody(),
            request,
            Retries.DEFAULT,
            () -> "token",
            Optional.of(new KeptSettings(folder, Optional.empty(), Duration.ofHours(1))));
    return new ControlPlaneSession(settings, new Told(), loops, new ControlPlaneStats());
  }

  private final class Told implements ControlPlaneSession.Listener {
    @Override
    public void onSnapshot(ProxySnapshot snapshot, boolean kept) {
      served = snapshot;
    }

    @Override
    public void onFailed(String why) {
      throw new AssertionError(why);
    }
  }

  @Test
  void secretsComeFromTheAgentAndAreAwaitedUntilThen() throws Exception {
    Path socket = folder.resolve("agent.sock");
    keep(socket);
    try (SecretAgent agent = new SecretAgent(socket, loops);
        ControlPlaneSession session = session()) {
      session.start();
      await().atMost(PATIENCE).until(() -> !served.listeners().isEmpty());
      assertThat(session.awaitedSecrets()).containsExactly(Spire.ALL, Spire.ID);
      agent.put(Spire.identity(Spire.ID)).put(Spire.bundles()).start();
      await().atMost(PATIENCE).until(() -> served.secrets().size() == 2);
      assertThat(served.secrets()).containsOnlyKeys(IDENTITY, BUNDLES);
      assertThat(session.awaitedSecrets()).isEmpty();
      assertThat(session.store().all(ResourceType.SECRET)).isEmpty();
    }
  }
}
