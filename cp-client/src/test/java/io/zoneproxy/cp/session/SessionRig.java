package io.zoneproxy.cp.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.observe.process.ControlPlaneStats;
import io.zoneproxy.cp.FakeControlPlane;
import io.zoneproxy.cp.FakeZoneControlPlane;
import io.zoneproxy.cp.Xds;
import io.zoneproxy.cp.bootstrap.BootstrapRequest;
import io.zoneproxy.cp.bootstrap.Environment;
import io.zoneproxy.cp.bootstrap.ProxyIdentity;
import io.zoneproxy.cp.bootstrap.Retries;
import io.zoneproxy.cp.resource.ResourceType;
import io.zoneproxy.cp.trust.Trust;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A control plane, the sessions of proxies with it, and what they tell. */
final class SessionRig implements AutoCloseable {
  /** Longer than anything takes that works. */
  static final int PATIENCE_SECONDS = 20;

  static final String INGRESS = "{type: ZoneIngress, name: i, networking: {port: 10001}}";

  final FakeZoneControlPlane controlPlane;
  final BlockingQueue<Told> told = new LinkedBlockingQueue<>();
  final BlockingQueue<String> failed = new LinkedBlockingQueue<>();
  final ControlPlaneStats stats = new ControlPlaneStats();
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("session-io", true), NioIoHandler.newFactory());
  private final List<ControlPlaneSession> sessions = new ArrayList<>();
  private Retries retries = new Retries(Duration.ofMillis(20), Duration.ofSeconds(60));
  private ProxyIdentity proxy = new ProxyIdentity("egress", "e", "", "");
  private Optional<KeptSettings> kept = Optional.empty();
  private @Nullable URI elsewhere;

  /** A configuration, and whether it came from disk. */
  record Told(ProxySnapshot snapshot, boolean kept) {
    /** The ends of its only listener's chains, by server name. */
    Terminal end(String serverName) {
      return snapshot.listeners().get(0).chains().stream()
          .filter(chain -> chain.serverName().equals(serverName))
          .map(ChainSpec::terminal)
          .findFirst()
          .orElseThrow(() -> new AssertionError(serverName + " in " + snapshot));
    }
  }

  SessionRig() throws IOException {
    controlPlane = new FakeZoneControlPlane().start();
  }

  FakeControlPlane ads() {
    return controlPlane.ads(proxy.type());
  }

  /** As long as it is tried to get a bootstrap. */
  SessionRig budget(Duration budget) {
    retries = new Retries(Duration.ofMillis(20), budget);
    return this;
  }

  /** Another proxy than an egress without a resource. */
  SessionRig proxy(String type, String resource) {
    proxy = new ProxyIdentity(type, type.substring(0, 1), "", resource);
    return this;
  }

  SessionRig keep(Path folder, Duration maxAge) {
    kept = Optional.of(new KeptSettings(folder, Optional.empty(), maxAge));
    return this;
  }

  SessionRig keepEncrypted(Path folder, Path key) {
    kept = Optional.of(new KeptSettings(folder, Optional.of(key), Duration.ofHours(1)));
    return this;
  }

  /** Where no control plane is. */
  SessionRig elsewhere(URI address) {
    elsewhere = address;
    return this;
  }

  /** Starts one with what was said before. */
  ControlPlaneSession start() throws IOException {
    BootstrapRequest request =
        new BootstrapRequest(
            proxy,
            "a.b.c",
            "",
            controlPlane.caPem(),
            new Environment(9902, "/tmp/zp", "", false, Environment.MetricsTls.NONE, "", Map.of()),
            BootstrapRequest.FEATURES,
            "1.0");
    URI to = elsewhere;
    ControlPlaneSession session =
        new ControlPlaneSession(
            new SessionSettings(
                to != null ? to : controlPlane.address(),
                Trust.of(controlPlane.caPem()),
                request,
                retries,
                () -> "a.b.c",
                kept),
            new Listening(),
            loops,
            stats);
    sessions.add(session);
    session.start();
    return session;
  }

  private final class Listening implements ControlPlaneSession.Listener {
    @Override
    public void onSnapshot(ProxySnapshot snapshot, boolean fromDisk) {
      told.add(new Told(snapshot, fromDisk));
    }

    @Override
    public void onFailed(String why) {
      failed.add(why);
    }
  }

  /** The next configuration. */
  Told next() throws InterruptedException {
    Told next = told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(next).as("a configuration").isNotNull();
    return next;
  }

  /** The next one with this chain in it; those before are passed over. */
  Told nextWith(String serverName) throws InterruptedException {
    while (true) {
      Told next = next();
      boolean has =
          next.snapshot().listeners().stream()
              .flatMap(listener -> listener.chains().stream())
              .anyMatch(chain -> chain.serverName().equals(serverName));
      if (has) {
        return next;
      }
    }
  }

  String nextFailure() throws InterruptedException {
    String next = failed.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(next).as("a failure").isNotNull();
    return next;
  }

  void put(ResourceType type, String name, Message message) {
    ads().put(type, name, message);
  }

  /** A cluster, its endpoint, and a listener of chains to all of these clusters. */
  void serve(String... services) {
    var chains =
        List.of(services).stream()
            .map(name -> Xds.passthrough(name, "default:" + name, Map.of()))
            .toArray(io.envoyproxy.envoy.config.listener.v3.FilterChain[]::new);
    for (String name : services) {
      String cluster = "default:" + name;
      put(ResourceType.CLUSTER, cluster, Xds.eds(cluster));
      put(
          ResourceType.ENDPOINT,
          cluster,
          Xds.assignment(cluster, Xds.endpoint(80, Map.of("mesh", "default"))));
    }
    put(ResourceType.LISTENER, "l", Xds.listener("l", Xds.address("127.0.0.1", 10002), chains));
  }

  @Override
  public void close() {
    sessions.forEach(ControlPlaneSession::close);
    // What has changed last is still being written, into a folder that is deleted next.
    await().until(() -> Thread.getAllStackTraces().keySet().stream().noneMatch(SessionRig::writes));
    controlPlane.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private static boolean writes(Thread thread) {
    return thread.getName().equals("zoneproxy-last-known-good");
  }
}
