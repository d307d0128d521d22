package io.zoneproxy.cp.sds;

import io.envoyproxy.envoy.config.core.v3.BuildVersion;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.type.v3.SemanticVersion;
import io.netty.channel.EventLoopGroup;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.cp.resource.SecretSink;
import io.zoneproxy.cp.translate.ResourceTranslator;
import io.zoneproxy.cp.translate.value.FieldGate;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Asks servers of secrets (SDS) for what the configuration in force names: a stream to each, as
 * long as anything of it is named. What has come stays in force when a server goes. Everything
 * happens on one executor.
 */
public final class SecretServers implements AutoCloseable {
  /**
   * SPIRE's agent sends the bundles of all trust domains ({@code ALL}) only to who says that it is
   * at least Envoy 1.18, for they come as a configuration of Envoy's SPIFFE validator.
   */
  private static final SemanticVersion ENVOY =
      SemanticVersion.newBuilder().setMajorNumber(1).setMinorNumber(38).build();

  private final Node node;
  private final ResourceTranslator translator;
  private final SecretSink sink;
  private final EventLoopGroup loops;
  private final ScheduledExecutorService executor;
  private final Map<String, SecretServer> servers = new HashMap<>(); // by their cluster
  private boolean closed;

  /**
   * Does nothing yet.
   *
   * @param id of this proxy, as the control plane knows it; servers learn no more of it
   * @param gate what finds fields that no translator asks for
   * @param sink gets the secrets
   * @param loops for sockets; NIO
   * @param executor of one thread; everything happens on it
   */
  public SecretServers(
      String id,
      FieldGate gate,
      SecretSink sink,
      EventLoopGroup loops,
      ScheduledExecutorService executor) {
    this.node =
        Node.newBuilder()
            .setId(id)
            .setUserAgentName("zoneproxy")
            .setUserAgentBuildVersion(BuildVersion.newBuilder().setVersion(ENVOY))
            .build();
    this.translator = new ResourceTranslator(gate);
    this.sink = sink;
    this.loops = loops;
    this.executor = executor;
  }

  /**
   * Another configuration is in force. Returns at once, but for a look at the file system. On the
   * executor.
   *
   * @param clusters by name; those of the servers are among them, or come later
   * @param named all secrets of other servers that are named
   */
  public void onConfiguration(Map<String, ClusterSpec> clusters, Set<SecretName> named) {
    if (closed) {
      return;
    }
    Map<String, SortedSet<String>> bySource = new TreeMap<>();
    for (SecretName each : named) {
      bySource.computeIfAbsent(each.source(), any -> new TreeSet<>()).add(each.name());
    }
    servers
        .entrySet()
        .removeIf(
            each -> {
              boolean unneeded = !bySource.containsKey(each.getKey());
              if (unneeded) {
                each.getValue().leave();
              }
              return unneeded;
            });
    bySource.forEach(
        (source, names) -> {
          SecretServer server = servers.computeIfAbsent(source, this::server);
          server.need(names);
          ClusterSpec cluster = clusters.get(source);
          if (cluster != null) { // else it is said elsewhere that it has not come
            server.at(cluster);
          }
        });
  }

  private SecretServer server(String source) {
    return new SecretServer(
        source, new Channels(loops, executor), node, translator, sink, executor);
  }

  /** Ends all streams; what has come stays in force. Any thread; returns at once. */
  @Override
  public void close() {
    executor.execute(
        () -> {
          closed = true;
          servers.values().forEach(SecretServer::cut);
          servers.clear();
        });
  }
}
