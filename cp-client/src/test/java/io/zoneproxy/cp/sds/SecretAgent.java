package io.zoneproxy.cp.sds;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.secret.v3.SecretDiscoveryServiceGrpc;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A server of secrets over a real Unix socket, as SPIRE's agent is one: a response has all names of
 * the last request, a stale nonce is ignored, a name that nobody has ends the stream, and the
 * bundles go only to Envoy 1.18 and later.
 */
public final class SecretAgent implements AutoCloseable {
  private static final String BUNDLES = "ALL";
  private static final int LEAST_MINOR = 18;

  /** Everything that was asked, in its order. */
  public final List<DiscoveryRequest> asked = new CopyOnWriteArrayList<>();

  private final Path socket;
  private final EventLoopGroup loops;
  private final Map<String, Secret> secrets = new TreeMap<>();
  private final List<Stream> streams = new ArrayList<>();
  private @Nullable Server server;
  private boolean silent;
  private int version;

  /** Does not listen yet. */
  public SecretAgent(Path socket, EventLoopGroup loops) {
    this.socket = socket;
    this.loops = loops;
  }

  /** Listens; again after {@link #stop}. */
  public synchronized SecretAgent start() throws IOException {
    Files.deleteIfExists(socket);
    server =
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioServerDomainSocketChannel.class)
            .bossEventLoopGroup(loops)
            .workerEventLoopGroup(loops)
            .addService(new Service())
            .build()
            .start();
    return this;
  }

  /** Adds a secret, or another version of it, and sends it to whoever asks for it. */
  public synchronized SecretAgent put(Secret secret) {
    secrets.put(secret.getName(), secret);
    version++;
    List.copyOf(streams).forEach(Stream::answer);
    return this;
  }

  /** Streams are opened and nothing is said. */
  synchronized void keepSilent() {
    silent = true;
  }

  /** Sends something of its own. */
  synchronized void push(Any... resources) {
    version++;
    streams.forEach(stream -> stream.send(List.of(resources)));
  }

  synchronized int openStreams() {
    return streams.size();
  }

  /** How many answers were acknowledged. */
  int acknowledged() {
    return (int)
        asked.stream()
            .filter(each -> !each.getResponseNonce().isEmpty() && !each.hasErrorDetail())
            .count();
  }

  /** Texts of the refusals. */
  List<String> refusals() {
    return asked.stream()
        .filter(DiscoveryRequest::hasErrorDetail)
        .map(each -> each.getErrorDetail().getMessage())
        .toList();
  }

  /** Goes away without a word, with its socket. */
  synchronized void stop() throws IOException {
    Server running = server;
    if (running != null) {
      running.shutdownNow();
      streams.clear();
      server = null;
      Files.deleteIfExists(socket);
    }
  }

  @Override
  public void close() throws IOException {
    stop();
  }

  private final class Service extends SecretDiscoveryServiceGrpc.SecretDiscoveryServiceImplBase {
    @Override
    public StreamObserver<DiscoveryRequest> streamSecrets(StreamObserver<DiscoveryResponse> out) {
      synchronized (SecretAgent.this) {
        Stream stream = new Stream(out);
        streams.add(stream);
        return stream;
      }
    }
  }

  private final class Stream implements StreamObserver<DiscoveryRequest> {
    private final StreamObserver<DiscoveryResponse> out;
    private @Nullable DiscoveryRequest last;
    private String nonce = "";

    Stream(StreamObserver<DiscoveryResponse> out) {
      this.out = out;
    }

    @Override
    public void onNext(DiscoveryRequest request) {
      asked.add(request);
      synchronized (SecretAgent.this) {
        if (!nonce.isEmpty() && !nonce.equals(request.getResponseNonce())) {
          return;
        }
        DiscoveryRequest before = last;
        last = request;
        if (before == null || !names(before).equals(names(request))) {
          answer();
        }
      }
    }

    private Set<String> names(DiscoveryRequest request) {
      return new HashSet<>(request.getResourceNamesList());
    }

    void answer() {
      DiscoveryRequest request = last;
      if (request == null || silent) {
        return;
      }
      Set<String> unknown = new TreeSet<>(names(request));
      unknown.removeAll(secrets.keySet());
      int minor = request.getNode().getUserAgentBuildVersion().getVersion().getMinorNumber();
      if (!unknown.isEmpty()) {
        end(
            Status.INVALID_ARGUMENT.withDescription(
                "workload is not authorized for the requested identities " + unknown));
      } else if (names(request).contains(BUNDLES) && minor < LEAST_MINOR) {
        end(Status.INTERNAL.withDescription("unable to use \"SPIFFE validator\""));
      } else {
        send(
            request.getResourceNamesList().stream()
                .distinct()
                .map(secrets::get)
                .map(Any::pack)
                .toList());
      }
    }

    void send(List<Any> resources) {
      nonce = "nonce-" + version + "-" + asked.size();
      out.onNext(
          DiscoveryResponse.newBuilder()
              .setTypeUrl(last == null ? "" : last.getTypeUrl())
              .setVersionInfo(Integer.toString(version))
              .setNonce(nonce)
              .addAllResources(resources)
              .build());
    }

    private void end(Status status) {
      streams.remove(this);
      out.onError(status.asRuntimeException());
    }

    @Override
    public void onError(Throwable cause) {
      gone();
    }

    @Override
    public void onCompleted() {
      gone();
    }

    private void gone() {
      synchronized (SecretAgent.this) {
        streams.remove(this);
      }
    }
  }
}
