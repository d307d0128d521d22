package io.zoneproxy.cp.bootstrap;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.zoneproxy.cp.CpCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The call's other side, over TLS with any certificate, or without. */
final class FakeBootstrapServer implements AutoCloseable {
  private static final int RAW = 0;
  private static final int MOST_BYTES = 1024 * 1024;

  /** Bodies of the requests. */
  final List<String> asked = new CopyOnWriteArrayList<>();

  /** Lines and headers of the requests. */
  final List<String> heads = new CopyOnWriteArrayList<>();

  /** When each came, in ns. */
  final List<Long> times = new CopyOnWriteArrayList<>();

  private final Deque<Answer> answers = new ConcurrentLinkedDeque<>();
  private final Channel channel;

  private record Answer(int status, String body) {}

  FakeBootstrapServer(EventLoopGroup loops, @Nullable CpCertificate certificate)
      throws IOException {
    SslContext tls = certificate == null ? null : certificate.server().build();
    channel =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel made) {
                    if (tls != null) {
                      made.pipeline().addLast(tls.newHandler(made.alloc()));
                    }
                    made.pipeline()
                        .addLast(new HttpServerCodec())
                        .addLast(new HttpObjectAggregator(MOST_BYTES))
                        .addLast(new Answering());
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .syncUninterruptibly()
            .channel();
  }

  int port() {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  /** The next answer; the last one stays. */
  FakeBootstrapServer answer(int status, String body) {
    answers.add(new Answer(status, body));
    return this;
  }

  /** The next answer, which may be no HTTP at all. */
  FakeBootstrapServer answerRaw(String bytes) {
    return answer(RAW, bytes);
  }

  @Override
  public void close() {
    channel.close().syncUninterruptibly();
  }

  private final class Answering extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
      times.add(System.nanoTime());
      heads.add(request.method() + " " + request.uri() + " " + request.headers());
      asked.add(request.content().toString(StandardCharsets.UTF_8));
      Answer answer = answers.size() > 1 ? answers.poll() : answers.peek();
      if (answer == null) {
        return; // silence
      }
      if (answer.status() == RAW) {
        ctx.pipeline()
            .context(HttpServerCodec.class)
            .writeAndFlush(Unpooled.copiedBuffer(answer.body(), StandardCharsets.ISO_8859_1))
            .addListener(ChannelFutureListener.CLOSE);
        return;
      }
      FullHttpResponse response =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1,
              HttpResponseStatus.valueOf(answer.status()),
              Unpooled.copiedBuffer(answer.body(), StandardCharsets.UTF_8));
      response.headers().set("content-length", response.content().readableBytes());
      ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
