package io.zoneproxy.cp;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.zoneproxy.core.relay.FreePort;
import io.zoneproxy.cp.ads.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A zone's control plane as a proxy meets it: {@code POST /bootstrap} over HTTPS, and the ADS that
 * the answer names, both with one certificate as kuma-cp makes it for itself. Each proxy type has
 * an ADS of its own, so that two roles of one process are given different resources.
 */
public final class FakeZoneControlPlane implements AutoCloseable {
  private static final int MOST_BYTES = 1024 * 1024;
  private static final int OK = 200;
  private static final String PATH = "/bootstrap";
  private static final String DELTA = "feature-delta-grpc";

  /** Bodies of the calls for the bootstrap, in their order, refused ones too. */
  public final List<JsonObject> bootstraps = new CopyOnWriteArrayList<>();

  private final CpCertificate certificate = CpCertificate.make();
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("fake-cp", true), NioIoHandler.newFactory());
  private final Map<String, FakeControlPlane> ads = new TreeMap<>();
  private final SslContext tls;
  private @Nullable Channel listening;
  private final int port = FreePort.onLoopback(); // its own, also while it is stopped
  private volatile Refusal refusal = new Refusal(OK, "");

  private record Refusal(int status, String body) {}

  /** Listens nowhere yet. */
  public FakeZoneControlPlane() throws IOException {
    tls = certificate.server().build();
  }

  /**
   * The ADS of one kind of proxy.
   *
   * @param proxyType {@code ingress}, {@code egress} or {@code dataplane}
   */
  public synchronized FakeControlPlane ads(String proxyType) {
    return ads.computeIfAbsent(
        proxyType, type -> new FakeControlPlane(certificate, certificate.pem()));
  }

  /** Listens; again on the same ports after {@link #stop}. */
  public synchronized FakeZoneControlPlane start() throws IOException {
    for (String type : List.of("dataplane", "egress", "ingress")) {
      ads(type).start();
    }
    listening =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(new Pipeline())
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .syncUninterruptibly()
            .channel();
    return this;
  }

  /** Goes away without a word. */
  public synchronized void stop() {
    Channel open = listening;
    if (open != null) {
      open.close().syncUninterruptibly();
      listening = null;
    }
    ads.values().forEach(FakeControlPlane::stop);
  }

  /** What {@code --cp-address} is given. */
  public URI address() {
    return URI.create("https://localhost:" + port);
  }

  /** What trusts it. */
  public String caPem() {
    return certificate.pem();
  }

  /** The next calls for the bootstrap are answered with this; 200 takes it back. */
  public void answerBootstraps(int status, String body) {
    refusal = new Refusal(status, body);
  }

  @Override
  public void close() {
    stop();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private String answer(JsonObject request) {
    String type = request.get("proxyType").getAsString();
    byte[] yaml = Bootstraps.yaml(request, ads(type).target()).getBytes(StandardCharsets.UTF_8);
    JsonObject body = new JsonObject();
    body.addProperty("bootstrap", Base64.getEncoder().encodeToString(yaml));
    return body.toString();
  }

  private final class Pipeline extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel made) {
      made.pipeline()
          .addLast(tls.newHandler(made.alloc()))
          .addLast(new HttpServerCodec())
          .addLast(new HttpObjectAggregator(MOST_BYTES))
          .addLast(new Answering());
    }
  }

  private final class Answering extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
      JsonObject asked =
          JsonParser.parseString(request.content().toString(StandardCharsets.UTF_8))
              .getAsJsonObject();
      bootstraps.add(asked);
      Refusal now = refusal;
      boolean known = request.uri().equals(PATH);
      int status = known ? now.status() : HttpResponseStatus.NOT_FOUND.code();
      String body = known && now.status() == OK ? answer(asked) : now.body();
      FullHttpResponse response =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1,
              HttpResponseStatus.valueOf(status),
              Unpooled.copiedBuffer(body, StandardCharsets.UTF_8));
      response.headers().set("content-length", response.content().readableBytes());
      ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close(); // who does not trust it, or hangs up
    }
  }

  /** What kuma-cp makes of a call. */
  private static final class Bootstraps {
    private Bootstraps() {}

    /** JSON, which is YAML. */
    static String yaml(JsonObject asked, Target ads) {
      boolean delta = asked.getAsJsonArray("features").toString().contains(DELTA);
      return """
      {"admin": {"address": {"pipe": {"mode": 384, "path": "%s/kuma-envoy-admin.sock"}}},
       "dynamicResources": {"adsConfig": {
         "apiType": "%s",
         "grpcServices": [{
           "envoyGrpc": {"clusterName": "ads_cluster"},
           "initialMetadata": [{"key": "authorization", "value": %s}]}]}},
       "node": {"id": "%s.%s", "cluster": "%s", "metadata": %s},
       "staticResources": {
         "clusters": [{"name": "ads_cluster", "loadAssignment": {"endpoints": [{"lbEndpoints": [
           {"endpoint": {"address": {"socketAddress": {"address": "%s", "portValue": %d}}}}]}]}}],
         "secrets": [{"name": "cp_validation_ctx",
           "validationContext": {"trustedCa": {"inlineBytes": "%s"}}}]}}
      """
          .formatted(
              asked.get("workdir").getAsString(),
              delta ? "DELTA_GRPC" : "GRPC",
              asked.get("dataplaneToken"),
              asked.get("mesh").getAsString(),
              asked.get("name").getAsString(),
              asked.get("proxyType").getAsString(),
              metadata(asked),
              ads.host(),
              ads.port(),
              Base64.getEncoder()
                  .encodeToString(ads.trustedCa().getBytes(StandardCharsets.US_ASCII)));
    }

    private static JsonObject metadata(JsonObject asked) {
      JsonObject metadata = new JsonObject();
      metadata.add("features", asked.get("features"));
      metadata.add("dataplane.proxyType", asked.get("proxyType"));
      String resource = asked.get("dataplaneResource").getAsString();
      if (!resource.isEmpty()) {
        Object tree = new Load(LoadSettings.builder().build()).loadFromString(resource);
        metadata.addProperty("dataplane.resource", new Gson().toJson(tree));
      }
      return metadata;
    }
  }
}
