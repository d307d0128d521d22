package io.zoneproxy.ingress.launch;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringEncoder;
import io.zoneproxy.core.relay.Transport;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks a running proxy's admin port, over TCP or a Unix socket. */
final class AdminClient {
  private static final String UNIX = "unix:";

  /** An answer about one name is short; 4 MiB is far beyond the longest list of endpoints. */
  private static final int MAX_ANSWER = 4 * 1024 * 1024;

  private static final long TIMEOUT_SECONDS = 10;

  private final String target;
  private final SocketAddress address;

  private AdminClient(String target, SocketAddress address) {
    this.target = target;
    this.address = address;
  }

  /** {@code http://HOST:PORT} or {@code unix:PATH}. */
  static AdminClient of(String target) {
    if (target.startsWith(UNIX)) {
      return new AdminClient(target, UnixDomainSocketAddress.of(target.substring(UNIX.length())));
    }
    try {
      URI uri = URI.create(target);
      if ("http".equals(uri.getScheme()) && uri.getHost() != null && uri.getPort() > 0) {
        return new AdminClient(target, new InetSocketAddress(uri.getHost(), uri.getPort()));
      }
    } catch (IllegalArgumentException e) {
      throw wrong(target);
    }
    throw wrong(target);
  }

  private static UsageException wrong(String target) {
    return new UsageException("--admin=" + target + " (expected: http://HOST:PORT or unix:PATH)");
  }

  /**
   * What the proxy says.
   *
   * @param known whether it routes the name
   * @param body as it came
   */
  record Answer(boolean known, String body) {}

  Answer explain(String serverName, String format) {
    QueryStringEncoder query = new QueryStringEncoder(ExplainEndpoint.PATH);
    query.addParam("sni", serverName);
    query.addParam("format", format);
    EventLoopGroup loop = Transport.loops(1, "zoneproxy-admin-client");
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    try {
      Class<? extends Channel> type =
          address instanceof UnixDomainSocketAddress
              ? NioDomainSocketChannel.class
              : NioSocketChannel.class;
      new Bootstrap()
          .group(loop)
          .channel(type)
          .handler(new Exchange(query.toString(), answer))
          .connect(address)
          .addListener(
              dial -> {
                if (!dial.isSuccess()) {
                  answer.completeExceptionally(dial.cause());
                }
              });
      return answer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new UsageException("--admin=" + target + ": no answer: " + cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UsageException("--admin=" + target + ": interrupted");
    } finally {
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }

  /** Sends the request when the connection is there, and completes the answer. */
  private static final class Exchange extends ChannelInitializer<Channel> {
    private final String uri;
    private final CompletableFuture<Answer> answer;

    Exchange(String uri, CompletableFuture<Answer> answer) {
      this.uri = uri;
      this.answer = answer;
    }

    @Override
    protected void initChannel(Channel channel) {
      channel
          .pipeline()
          .addLast(
              new HttpClientCodec(),
              new HttpObjectAggregator(MAX_ANSWER),
              new SimpleChannelInboundHandler<FullHttpResponse>() {
                @Override
                public void channelActive(ChannelHandlerContext ctx) {
                  DefaultFullHttpRequest request =
                      new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, uri);
                  request.headers().set(HttpHeaderNames.HOST, "zoneproxy");
                  ctx.writeAndFlush(request);
                }

                @Override
                protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
                  boolean known = response.status().equals(HttpResponseStatus.OK);
                  answer.complete(
                      new Answer(known, response.content().toString(StandardCharsets.UTF_8)));
                  ctx.close();
                }

                @Override
                public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                  answer.completeExceptionally(cause);
                  ctx.close();
                }
              });
    }
  }
}
