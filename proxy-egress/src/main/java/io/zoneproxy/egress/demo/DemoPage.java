package io.zoneproxy.egress.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;

/** The page to watch the demo on, at a free port of 127.0.0.1. It changes nothing. */
final class DemoPage implements AutoCloseable {
  /** A browser's headers with the cookies of everything else on this host fit in. */
  private static final int MAX_REQUEST_BYTES = 32 * 1024;

  /** The page asks each second; a connection silent for this long is none of it. */
  private static final int SILENCE_SECONDS = 30;

  /** The page brings its style and its script along, and asks nobody but us. */
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline';"
          + " connect-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'";

  private final Channel listener;

  private DemoPage(Channel listener) {
    this.listener = listener;
  }

  /**
   * Starts it.
   *
   * @param loop runs it; the caller closes it
   */
  static DemoPage start(EventLoopGroup loop, DemoState state) throws IOException {
    String html = html();
    ChannelHandler pipeline =
        new ChannelInitializer<SocketChannel>() {
          @Override
          protected void initChannel(SocketChannel channel) {
            channel
                .pipeline()
                .addLast(new ReadTimeoutHandler(SILENCE_SECONDS))
                .addLast(new HttpServerCodec())
                .addLast(new HttpServerKeepAliveHandler())
                .addLast(new HttpObjectAggregator(MAX_REQUEST_BYTES))
                .addLast(new Answerer(html, state));
          }
        };
    return new DemoPage(
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .childHandler(pipeline)
            .bind(DemoWorld.LOOPBACK, 0)
            .syncUninterruptibly()
            .channel());
  }

  /** Where to point a browser. */
  String url() {
    InetSocketAddress address = (InetSocketAddress) listener.localAddress();
    return "http://" + DemoWorld.LOOPBACK + ":" + address.getPort() + "/";
  }

  /** Stops listening; open connections end with the event loop. */
  @Override
  public void close() {
    listener.close().syncUninterruptibly();
  }

  private static String html() throws IOException {
    try (InputStream in = DemoPage.class.getResourceAsStream("page.html")) {
      if (in == null) {
        throw new FileNotFoundException("page.html is missing in this jar");
      }
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  /** The page, and the state that its script asks for. */
  private static final class Answerer extends SimpleChannelInboundHandler<FullHttpRequest> {
    private final String html;
    private final DemoState state;

    Answerer(String html, DemoState state) {
      this.html = html;
      this.state = state;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
      if (!request.decoderResult().isSuccess()) {
        ctx.close();
      } else {
        ctx.writeAndFlush(answer(request));
      }
    }

    /** A browser that left. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }

    private FullHttpResponse answer(FullHttpRequest request) {
      if (!isLocal(request.headers().get(HttpHeaderNames.HOST, ""))) {
        return text(HttpResponseStatus.FORBIDDEN, "text/plain", "ask for 127.0.0.1\n");
      }
      if (!request.method().equals(HttpMethod.GET)) {
        return text(HttpResponseStatus.METHOD_NOT_ALLOWED, "text/plain", "only GET\n");
      }
      return switch (request.uri()) {
        case "/" -> text(HttpResponseStatus.OK, "text/html", html);
        case "/state.json" -> text(HttpResponseStatus.OK, "application/json", state.json());
        default -> text(HttpResponseStatus.NOT_FOUND, "text/plain", "only / and /state.json\n");
      };
    }

    /** A page from elsewhere must not read us under a name that it made point to 127.0.0.1. */
    private static boolean isLocal(String host) {
      int colon = host.lastIndexOf(':');
      String name = colon < 0 ? host : host.substring(0, colon);
      return name.equals(DemoWorld.LOOPBACK) || name.equals("localhost");
    }

    private static FullHttpResponse text(HttpResponseStatus status, String type, String text) {
      ByteBuf content = Unpooled.copiedBuffer(text, UTF_8);
      FullHttpResponse response =
          new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, content);
      HttpHeaders headers = response.headers();
      headers.set(HttpHeaderNames.CONTENT_TYPE, type + "; charset=utf-8");
      headers.set(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes());
      headers.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
      headers.set(HttpHeaderNames.CONTENT_SECURITY_POLICY, POLICY);
      headers.set("x-content-type-options", "nosniff");
      return response;
    }
  }
}
