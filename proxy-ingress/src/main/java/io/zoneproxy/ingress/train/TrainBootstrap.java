package io.zoneproxy.ingress.train;

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
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Answers every request with the same bootstrap. */
final class TrainBootstrap extends SimpleChannelInboundHandler<FullHttpRequest> {
  /** A request has some 3 kB. */
  private static final int MOST_BYTES = 1024 * 1024;

  private final String answer;

  private TrainBootstrap(String bootstrap) {
    byte[] text = bootstrap.getBytes(StandardCharsets.UTF_8);
    answer = "{\"bootstrap\":\"" + Base64.getEncoder().encodeToString(text) + "\"}";
  }

  static Channel listen(
      EventLoopGroup loops, InetSocketAddress address, SslContext tls, String bootstrap) {
    return new ServerBootstrap()
        .group(loops)
        .channel(NioServerSocketChannel.class)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel accepted) {
                accepted
                    .pipeline()
                    .addLast(tls.newHandler(accepted.alloc()))
                    .addLast(new HttpServerCodec())
                    .addLast(new HttpObjectAggregator(MOST_BYTES))
                    .addLast(new TrainBootstrap(bootstrap));
              }
            })
        .bind(address)
        .syncUninterruptibly()
        .channel();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.OK,
            Unpooled.copiedBuffer(answer, StandardCharsets.UTF_8));
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
    ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close(); // the run that it is for says what it lacks
  }
}
