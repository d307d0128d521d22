package io.zoneproxy.cp.sds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.google.protobuf.Any;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.pkitesting.X509Bundle;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.tls.CertificateSource;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.SecretSpec;
import io.zoneproxy.core.model.tls.ServerTls;
import io.zoneproxy.cp.assemble.Assembler;
import io.zoneproxy.cp.assemble.Timing;
import io.zoneproxy.cp.fields.FieldCheck;
import io.zoneproxy.cp.fields.FieldTable;
import io.zoneproxy.cp.fields.XdsTypes;
import io.zoneproxy.cp.resource.RawResource;
import io.zoneproxy.cp.resource.ResourceStore;
import io.zoneproxy.cp.resource.ResourceType;
import io.zoneproxy.cp.translate.value.FieldGate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The configuration of a control plane, and an agent over a real Unix socket. */
final class SecretServersTest {
  private static final SecretName IDENTITY = new SecretName(Spire.ID, Spire.AGENT);
  private static final SecretName BUNDLES = new SecretName(Spire.ALL, Spire.AGENT);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path folder;
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private final ResourceStore store = new ResourceStore();
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(SecretServer.class);
  private volatile ProxySnapshot served = ProxySnapshot.EMPTY;
  private Assembler assembler;
  private SecretServers servers;
  private final Path socket;
  private final SecretAgent agent;

  SecretServersTest(@TempDir Path folder) {
    this.folder = folder;
    socket = folder.resolve("agent.sock");
    agent = new SecretAgent(socket, loops);
  }

  @BeforeEach
  void begin() {
    logged.start();
    logger.addAppender(logged);
    FieldGate gate = FieldGate.of(new FieldCheck(FieldTable.load(), XdsTypes.KNOWN));
    Timing timing = new Timing(Duration.ofMillis(1), Duration.ZERO);
    assembler = new Assembler(gate, store, timing, executor, this::onSnapshot);
    servers = new SecretServers("default.zp-1", gate, assembler, loops, executor);
  }

  @AfterEach
  void end() throws IOException {
    servers.close();
    agent.close();
    executor.shutdown();
    logger.detachAppender(logged);
    loops.shutdownGracefully();
  }

  private void onSnapshot(ProxySnapshot snapshot) {
    served = snapshot;
    servers.onConfiguration(snapshot.clusters(), assembler.otherSecrets());
  }

  private void send(ResourceType type, Message... messages) throws IOException {
    List<RawResource> changed = new ArrayList<>();
    for (Message each : messages) {
      changed.add(RawResource.of(type, "1", each.toByteString()));
    }
    assertThat(assembler.onUpdate(type, changed, List.of())).isEmpty();
  }

  /** As kuma-cp does for an egress with an identity of SPIRE. */
  private void configure() throws IOException {
    send(ResourceType.CLUSTER, Spire.agent(socket), Spire.upstream());
    send(ResourceType.LISTENER, Spire.listener(Spire.ID));
    assembler.onComplete();
  }

  private Map<SecretName, SecretSpec> secrets() {
    return served.secrets();
  }

  private void awaitSecrets(SecretName... names) {
    await().atMost(PATIENCE).until(() -> secrets().keySet().equals(Set.of(names)));
  }

  private void awaitChain(Secret identity) {
    String chain =
        identity.getTlsCertificate().getCertificateChain().getInlineBytes().toStringUtf8();
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                secrets().get(IDENTITY) instanceof SecretSpec.Certificate own
                    && own.chain().equals(chain));
  }

  private List<String> warnings() {
    synchronized (logged) {
      return logged.list.stream()
          .filter(each -> each.getLevel().isGreaterOrEqual(Level.WARN))
          .map(ILoggingEvent::getFormattedMessage)
          .toList();
    }
  }

  private void awaitWarning(String... parts) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(warnings()).anySatisfy(text -> assertThat(text).contains(parts)));
  }

  @Test
  void secretsComeToTheChainThatNamesThem() throws Exception {
    agent.put(Spire.identity(Spire.ID)).put(Spire.bundles()).start();
    configure();
    awaitSecrets(IDENTITY, BUNDLES);

    ServerTls tls = served.listeners().get(0).chains().get(0).tls().orElseThrow();
    SecretName named = ((CertificateSource.Named) tls.certificates().get(0)).secret();
    assertThat(served.secrets().get(named)).isInstanceOf(SecretSpec.Certificate.class);
    SecretName validation = tls.clients().orElseThrow().secret().orElseThrow();
    SecretSpec.Trust trust = (SecretSpec.Trust) secrets().get(validation);
    assertThat(trust).isNotNull();
    assertThat(trust.validation().trustDomains()).containsOnlyKeys("lab.example");
    await().atMost(PATIENCE).until(() -> agent.acknowledged() == 1);
    DiscoveryRequest first = agent.asked.get(0);
    assertThat(first.getResourceNamesList()).containsExactly(Spire.ALL, Spire.ID);
    assertThat(first.getNode().getId()).isEqualTo("default.zp-1");
    assertThat(first.getNode().hasMetadata()).isFalse();
    assertThat(first.getTypeUrl()).isEqualTo(ResourceType.SECRET.typeUrl());
    assertThat(agent.asked.get(1).getVersionInfo()).isEqualTo("2");
    assertThat(warnings()).isEmpty();
  }

  @Test
  void theAgentsSecretsAreNoResourcesThatAreKeptOnDisk() throws Exception {
    agent.put(Spire.identity(Spire.ID)).put(Spire.bundles()).start();
    configure();
    awaitSecrets(IDENTITY, BUNDLES);
    assertThat(store.all(ResourceType.SECRET)).isEmpty();
  }

  @Test
  void aRotatedIdentityTakesTheOldOnesPlace() throws Exception {
    agent.put(Spire.identity(Spire.ID)).put(Spire.bundles()).start();
    configure();
    awaitSecrets(IDENTITY, BUNDLES);
    Secret next = Spire.identity(Spire.ID);
    agent.put(next);
    awaitChain(next);
    await().atMost(PATIENCE).until(() -> agent.acknowledged() == 2);
    assertThat(agent.openStreams()).isOne();
  }

  @Test
  void anAgentThatRestartsIsAskedAgainAndWhatItSentStays() throws Exception {
    agent.put(Spire.identity(Spire.ID)).put(Spire.bundles()).start();
    configure();
    awaitSecrets(IDENTITY, BUNDLES);
    agent.stop();
    awaitWarning(socket.toString(), "stays in force");
    assertThat(secrets()).containsOnlyKeys(IDENTITY, BUNDLES);
    Secret next = Spire.identity(Spire.ID);
    agent.put(next).start();
    awaitChain(next);
    DiscoveryRequest last = agent.asked.get(agent.asked.size() - 1);
    assertThat(last.getResourceNamesList()).hasSize(2);
  }

  @Test
  void aSocketThatIsMissingIsSaidOnceAndAwaited() throws Exception {
    configure();
    awaitWarning(socket.toString(), "no such file", "SPIRE_SOCKET_PATH");
    agent.put(Spire.identity(Spire.ID)).put(Spire.bundles()).start();
    awaitSecrets(IDENTITY, BUNDLES);
    assertThat(warnings()).hasSize(1);
  }

  @Test
  void anIdentityThatTheAgentDoesNotHaveIsSaidAndAskedForAgain() throws Exception {
    agent.put(Spire.bundles()).start();
    configure();
    awaitWarning("registration entry", Spire.ID);
    assertThat(secrets()).isEmpty();
    agent.put(Spire.identity(Spire.ID));
    awaitSecrets(IDENTITY, BUNDLES);
  }

  @Test
  void aMalformedSecretIsRefusedAndTheOthersOfItsResponseAreTaken() throws Exception {
    Secret good = Spire.identity(Spire.ID);
    agent.put(good).put(Spire.bundles()).start();
    configure();
    awaitSecrets(IDENTITY, BUNDLES);
    await().atMost(PATIENCE).until(() -> agent.acknowledged() == 1);
    SecretSpec bundles = Objects.requireNonNull(secrets().get(BUNDLES));
    X509Bundle other = Spire.made();
    Secret broken =
        Spire.identity(Spire.ID, "-----BEGIN CERTIFICATE-----\nMIIB\n", other.getPrivateKeyPEM());
    agent.push(Any.pack(broken), Any.pack(Spire.bundles()));
    await().atMost(PATIENCE).until(() -> !agent.refusals().isEmpty());
    assertThat(agent.refusals().get(0))
        .contains("Secret/" + Spire.ID, "certificate_chain")
        .doesNotContain("PRIVATE KEY", "MIIB");
    assertThat(agent.asked.get(agent.asked.size() - 1).getVersionInfo()).isEqualTo("2");
    await().atMost(PATIENCE).until(() -> !bundles.equals(secrets().get(BUNDLES)));
    awaitChain(good);
    assertThat(agent.openStreams()).isOne();

    Secret next = Spire.identity(Spire.ID);
    agent.put(next);
    awaitChain(next);
  }

  @Test
  void everyKindOfBadSecretIsRefusedWithoutItsText() throws Exception {
    Secret good = Spire.identity(Spire.ID);
    agent.put(good).put(Spire.bundles()).start();
    configure();
    awaitSecrets(IDENTITY, BUNDLES);
    String chain = Spire.made().getCertificatePEM();
    String key = Spire.made().getPrivateKeyPEM();
    Secret password = good.toBuilder().mergeFrom(password("hush-hush")).build();
    List<Message> bad =
        List.of(
            Spire.identity(Spire.ID, chain, key), // not a pair
            Spire.identity(Spire.ID, chain, "hush-hush"),
            Spire.identity(Spire.ID, chain, ""),
            Spire.identity(Spire.ID, "hush-hush", key),
            password,
            Spire.bundles("hush-hush"),
            Secret.newBuilder().setName(Spire.ALL).build(),
            Spire.upstream()); // no secret at all
    for (int i = 0; i < bad.size(); i++) {
      int refusals = i + 1;
      agent.push(Any.pack(bad.get(i)));
      await().atMost(PATIENCE).until(() -> agent.refusals().size() == refusals);
    }
    assertThat(agent.refusals()).noneMatch(text -> text.contains("hush"));
    await().untilAsserted(() -> assertThat(warnings()).hasSize(bad.size()));
    assertThat(warnings()).noneMatch(text -> text.contains("hush"));
    awaitChain(good);
  }

  private static Secret password(String text) {
    Secret.Builder secret = Secret.newBuilder();
    secret.getTlsCertificateBuilder().getPasswordBuilder().setInlineString(text);
    return secret.build();
  }

  @Test
  void whatIsNotAskedForIsNotTaken() throws Exception {
    agent.put(Spire.identity(Spire.ID)).put(Spire.bundles()).start();
    configure();
    awaitSecrets(IDENTITY, BUNDLES);
    await().atMost(PATIENCE).until(() -> agent.acknowledged() == 1);
    agent.push(Any.pack(Spire.identity("spiffe://lab.example/other")));
    await().atMost(PATIENCE).until(() -> agent.acknowledged() == 2);
    assertThat(secrets()).containsOnlyKeys(IDENTITY, BUNDLES);
  }

  @Test
  void anotherIdentityIsAskedForOverTheSameStreamAndTheOldOneForgotten() throws Exception {
    String other = "spiffe://lab.example/workload/other";
    agent.put(Spire.identity(Spire.ID)).put(Spire.identity(other)).put(Spire.bundles()).start();
    configure();
    awaitSecrets(IDENTITY, BUNDLES);
    send(ResourceType.LISTENER, Spire.listener(other));
    awaitSecrets(new SecretName(other, Spire.AGENT), BUNDLES);
    assertThat(agent.openStreams()).isOne();
    assertThat(agent.asked.get(agent.asked.size() - 1).getResourceNamesList())
        .containsExactly(Spire.ALL, other);
  }

  @Test
  void aStreamThatNobodyNeedsIsClosedAndItsKeysForgotten() throws Exception {
    agent.put(Spire.identity(Spire.ID)).put(Spire.bundles()).start();
    configure();
    awaitSecrets(IDENTITY, BUNDLES);
    send(ResourceType.LISTENER, Spire.plainListener());
    await().atMost(PATIENCE).until(() -> agent.openStreams() == 0);
    awaitSecrets();
    send(ResourceType.LISTENER, Spire.listener(Spire.ID));
    awaitSecrets(IDENTITY, BUNDLES);
  }

  @Test
  void anotherSocketIsConnectedToWhenTheClusterSaysSo() throws Exception {
    agent.put(Spire.identity(Spire.ID)).put(Spire.bundles()).start();
    configure();
    awaitSecrets(IDENTITY, BUNDLES);
    Path moved = folder.resolve("moved.sock");
    Secret next = Spire.identity(Spire.ID);
    try (SecretAgent second = new SecretAgent(moved, loops)) {
      second.put(next).put(Spire.bundles()).start();
      send(ResourceType.CLUSTER, Spire.agent(moved));
      awaitChain(next);
      await().atMost(PATIENCE).until(() -> agent.openStreams() == 0);
      assertThat(second.openStreams()).isOne();
    }
  }

  @Test
  void anAgentBeyondLoopbackIsNotAsked() throws Exception {
    send(ResourceType.CLUSTER, Spire.agent("192.0.2.1", 8081), Spire.upstream());
    send(ResourceType.LISTENER, Spire.listener(Spire.ID));
    assembler.onComplete();
    awaitWarning("192.0.2.1", "plain text", "loopback");
  }

  @Test
  void aFileThatIsNoSocketIsSaid() throws Exception {
    Files.writeString(socket, "");
    configure();
    awaitWarning(socket.toString(), "no socket");
  }

  @Test
  void anAgentThatSaysNothingIsSaid() throws Exception {
    agent.keepSilent();
    agent.start();
    configure();
    awaitWarning("says nothing", Spire.ID, Spire.ALL, "refuse connections");
    assertThat(agent.openStreams()).isOne();
  }

  @Test
  void nothingIsOpenedAfterTheEnd() throws Exception {
    agent.put(Spire.identity(Spire.ID)).put(Spire.bundles()).start();
    servers.close();
    configure();
    await().atMost(PATIENCE).until(() -> !served.listeners().isEmpty());
    executor.submit(() -> {}).get();
    assertThat(agent.asked).isEmpty();
    assertThat(Optional.ofNullable(secrets().get(IDENTITY))).isEmpty();
  }
}
