package io.zoneproxy.ingress.inspect;

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
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringEncoder;
import io.zoneproxy.core.relay.portable.Transport;
import io.zoneproxy.ingress.explain.Question;
import io.zoneproxy.ingress.flags.UsageException;
import java.io.IOException;
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
  private static final String NO_HTTP = "what comes is no HTTP; behind TLS, perhaps";
  private static final String NO_EXPLAIN =
      "it knows no /explain: another program, or the listener that a control plane has pushed,"
          + " which answers it over mutual TLS only";
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;

  /** An answer about one name is short; 4 MiB is far beyond the longest list of endpoints. */
  private static final int MAX_ANSWER = 4 * 1024 * 1024;

  /** A proxy on this machine that says nothing for so long is not going to. */
  private static final long TIMEOUT_SECONDS = 10;

  private final String target;
  private final SocketAddress address;

  private AdminClient(String target, SocketAddress address) {
    this.target = target;
    this.address = address;
  }

  /** {@code http://HOST:PORT} or {@code unix:PATH}. */
  static AdminClient of(String target) {
    try {
      if (target.startsWith(UNIX) && target.length() > UNIX.length()) {
        return new AdminClient(target, UnixDomainSocketAddress.of(target.substring(UNIX.length())));
      }
      URI uri = URI.create(target);
      if ("http".equals(uri.getScheme()) && uri.getHost() != null && uri.getPort() > 0) {
        return new AdminClient(target, new InetSocketAddress(uri.getHost(), uri.getPort()));
      }
    } catch (IllegalArgumentException e) {
      throw wrong(target); // no URI, no path, or a port beyond 65535
    }
    throw wrong(target);
  }

  private static UsageException wrong(String target) {
    return new UsageException("--admin=" + target + " (expected: http://HOST:PORT or unix:PATH)");
  }

  /**
   * What the proxy says.
   *
   * @param served whether it takes the name, and does not refuse it
   * @param body as it came
   */
  record Answer(boolean served, String body) {}

  /**
   * Asks and waits.
   *
   * @param format {@code text} or {@code json}
   * @throws UsageException when there is no proxy, or something else, at the address
   */
  Answer explain(Question question, String format) {
    QueryStringEncoder query = new QueryStringEncoder(ExplainEndpoint.PATH);
    query.addParam("sni", question.serverName());
    if (!question.identity().isEmpty()) {
      query.addParam("identity", String.join(",", question.identity()));
    }
    query.addParam("format", format);
    EventLoopGroup loop = Transport.loops(1, "zoneproxy-admin-client");
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    try {
      dial(loop, query.toString(), answer);
      return answer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw unanswered(reason(e.getCause() == null ? e : e.getCause()));
    } catch (TimeoutException e) {
      throw unanswered("nothing came within " + TIMEOUT_SECONDS + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unanswered("interrupted");
    } finally {
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }

  private UsageException unanswered(String why) {
    return new UsageException(
        "--admin="
            + target
            + ": no answer: "
            + why
            + " (expected: the admin port of a running proxy, http://127.0.0.1:PORT on its host;"
            + " with a control plane also unix:WORK-DIR/kuma-envoy-admin.sock)");
  }

  private static String reason(Throwable cause) {
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }

  private void dial(EventLoopGroup loop, String uri, CompletableFuture<Answer> answer) {
    new Bootstrap()
        .group(loop)
        .channel(
            address instanceof UnixDomainSocketAddress
                ? NioDomainSocketChannel.class
                : NioSocketChannel.class)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                channel
                    .pipeline()
                    .addLast(new HttpClientCodec())
                    .addLast(new HttpObjectAggregator(MAX_ANSWER))
                    .addLast(new Exchange(uri, answer));
              }
            })
        .connect(address)
        .addListener(
            dial -> {
              if (!dial.isSuccess()) {
                answer.completeExceptionally(dial.cause());
              }
            });
  }

  /** Sends the request when the connection is there, and completes the answer. */
  private static final class Exchange extends SimpleChannelInboundHandler<FullHttpResponse> {
    private final String uri;
    private final CompletableFuture<Answer> answer;

    Exchange(String uri, CompletableFuture<Answer> answer) {
      this.uri = uri;
      this.answer = answer;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      DefaultFullHttpRequest request =
          new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, uri);
      request.headers().set(HttpHeaderNames.HOST, "zoneproxy");
      ctx.writeAndFlush(request, ctx.voidPromise());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
      int status = response.status().code();
      boolean ours = status == OK || response.headers().contains(ExplainEndpoint.SERVED);
      if (response.decoderResult().isFailure()) {
        answer.completeExceptionally(new IOException(NO_HTTP));
      } else if (status == NOT_FOUND && !ours) {
        answer.completeExceptionally(new IOException(NO_EXPLAIN));
      } else if (status == OK || status == NOT_FOUND) {
        String body = response.content().toString(StandardCharsets.UTF_8);
        boolean refused = response.headers().contains(ExplainEndpoint.SERVED, "false", true);
        answer.complete(new Answer(status == OK && !refused, body));
      } else {
        answer.completeExceptionally(new IOException("status " + status));
      }
      ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      // Does nothing when the answer is there.
      answer.completeExceptionally(
          new IOException("the connection was closed; behind TLS, perhaps"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      answer.completeExceptionally(cause);
      ctx.close();
    }
  }
}
