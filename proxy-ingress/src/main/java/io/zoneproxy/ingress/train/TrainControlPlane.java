package io.zoneproxy.ingress.train;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.Server;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.zoneproxy.cp.capture.Capture;
import io.zoneproxy.cp.fields.XdsTypes;
import io.zoneproxy.cp.resource.RawResource;
import io.zoneproxy.cp.resource.ResourceType;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A control plane on loopback with one configuration, for a training run: the bootstrap, and the
 * stream with every type of resource, over TLS as the real one has them. It checks nothing.
 */
final class TrainControlPlane {
  private final TrainCertificate certificate;
  private final List<RawResource> resources;
  private final Channel bootstrap;

  /**
   * Listens.
   *
   * @param loops for its sockets; NIO
   * @param listener port of the proxy
   * @param admin port of the proxy's admin listener
   */
  TrainControlPlane(EventLoopGroup loops, int listener, int admin) throws IOException {
    certificate = TrainCertificate.make();
    String snapshot = filled("snapshot.json");
    resources =
        Capture.read(
                snapshot
                    .replace("\"{listener}\"", String.valueOf(listener))
                    .replace("\"{admin}\"", String.valueOf(admin)),
                XdsTypes.KNOWN)
            .resources();
    Server ads =
        NettyServerBuilder.forAddress(loopback())
            .channelType(NioServerSocketChannel.class)
            .bossEventLoopGroup(loops)
            .workerEventLoopGroup(loops)
            .sslContext(GrpcSslContexts.configure(server(), SslProvider.OPENSSL).build())
            .addService(new Discovery())
            .build()
            .start();
    SslContext tls = server().sslProvider(SslProvider.OPENSSL).build();
    String answer = filled("bootstrap.json").replace("{ads}", String.valueOf(ads.getPort()));
    bootstrap = TrainBootstrap.listen(loops, loopback(), tls, answer);
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private SslContextBuilder server() {
    return SslContextBuilder.forServer(certificate.key(), certificate.certificate());
  }

  private String filled(String file) throws IOException {
    try (InputStream in = TrainControlPlane.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new FileNotFoundException(file + ": is not in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .replace("{certificate}", TrainCertificate.bytes(certificate.certificatePem()))
          .replace("{key}", TrainCertificate.bytes(certificate.keyPem()));
    }
  }

  /** Where it is asked first. */
  String address() {
    return "https://127.0.0.1:" + ((InetSocketAddress) bootstrap.localAddress()).getPort();
  }

  /** The CA to be trusted, PEM. */
  String trustedCa() throws IOException {
    return certificate.certificatePem();
  }

  private DeltaDiscoveryResponse all(ResourceType type) {
    DeltaDiscoveryResponse.Builder response =
        DeltaDiscoveryResponse.newBuilder().setTypeUrl(type.typeUrl()).setNonce("1");
    for (RawResource each : resources) {
      if (each.type() == type) {
        response.addResources(
            Resource.newBuilder()
                .setName(each.name())
                .setVersion("1")
                .setResource(Any.newBuilder().setTypeUrl(type.typeUrl()).setValue(each.bytes())));
      }
    }
    return response.build();
  }

  /** Each subscription is answered with all there is of its type. */
  private final class Discovery extends AggregatedDiscoveryServiceImplBase {
    @Override
    public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
        StreamObserver<DeltaDiscoveryResponse> answers) {
      return new StreamObserver<>() {
        @Override
        public void onNext(DeltaDiscoveryRequest request) {
          if (request.getResponseNonce().isEmpty()) {
            ResourceType.of(request.getTypeUrl()).ifPresent(type -> answers.onNext(all(type)));
          }
        }

        @Override
        public void onError(Throwable cause) {}

        @Override
        public void onCompleted() {
          answers.onCompleted();
        }
      };
    }
  }
}
