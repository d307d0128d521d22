package io.zoneproxy.cp.bootstrap;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One POST of JSON over TLS. Netty's, for it has to be BoringSSL: the JDK's TLS cannot read the
 * certificate that kuma-cp makes for itself.
 */
final class HttpPost {
  /** A bootstrap has some 10 kB. */
  private static final int MOST_BYTES = 4 * 1024 * 1024;

  private final EventLoopGroup loops;
  private final SslContext tls;
  private final String host;
  private final String path;
  private final String json;
  private final Duration timeout;

  HttpPost(
      EventLoopGroup loops,
      SslContext tls,
      String host,
      String path,
      String json,
      Duration timeout) {
    this.loops = loops;
    this.tls = tls;
    this.host = host;
    this.path = path;
    this.json = json;
    this.timeout = timeout;
  }

  /** What came back. */
  record Answer(int status, String body) {}

  /**
   * Sends it and waits.
   *
   * @throws IOException of the connection, of TLS, or when there is no answer in time
   */
  Answer to(InetSocketAddress address) throws IOException, InterruptedException {
    Promise<Answer> answer = loops.next().newPromise();
    Channel channel = connect(address, answer);
    try {
      if (!answer.await(timeout.toMillis())) {
        throw new SocketTimeoutException(String.valueOf(address));
      }
    } finally {
      channel.close();
    }
    if (answer.isSuccess()) {
      return answer.getNow();
    }
    throw reason(answer.cause());
  }

  private static IOException reason(Throwable cause) {
    Throwable inner = cause.getCause();
    if (cause instanceof DecoderException && inner instanceof IOException ssl) {
      return ssl;
    }
    return cause instanceof IOException io ? io : new IOException(String.valueOf(cause), cause);
  }

  private Channel connect(InetSocketAddress address, Promise<Answer> answer) {
    return new Bootstrap()
        .group(loops)
        .channel(NioSocketChannel.class)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout.toMillis())
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel
                    .pipeline()
                    .addLast(tls.newHandler(channel.alloc(), host, address.getPort()))
                    .addLast(new HttpClientCodec())
                    .addLast(new AnswerCheck())
                    .addLast(new HttpObjectAggregator(MOST_BYTES))
                    .addLast(new Exchange(request(address.getPort()), answer));
              }
            })
        .connect(address)
        .addListener(
            (ChannelFutureListener)
                connected -> {
                  if (!connected.isSuccess()) {
                    answer.tryFailure(connected.cause());
                  }
                })
        .channel();
  }

  private FullHttpRequest request(int port) {
    FullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.POST,
            path,
            Unpooled.copiedBuffer(json, StandardCharsets.UTF_8));
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    request
        .headers()
        .set(HttpHeaderNames.HOST, name + ":" + port)
        .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
        .set(HttpHeaderNames.ACCEPT, HttpHeaderValues.APPLICATION_JSON)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
        .set(HttpHeaderNames.CONTENT_LENGTH, request.content().readableBytes());
    return request;
  }

  /** Sends the request, which it owns until then, and takes the response. */
  private static final class Exchange extends SimpleChannelInboundHandler<FullHttpResponse> {
    private final FullHttpRequest request;
    private final Promise<Answer> answer;

    Exchange(FullHttpRequest request, Promise<Answer> answer) {
      this.request = request;
      this.answer = answer;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      ctx.writeAndFlush(request.retain()).addListener(this::onSent);
    }

    private void onSent(Future<?> sent) {
      if (!sent.isSuccess()) {
        answer.tryFailure(sent.cause());
      }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
      byte[] body = ByteBufUtil.getBytes(response.content());
      answer.trySuccess(
          new Answer(response.status().code(), new String(body, StandardCharsets.UTF_8)));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      answer.tryFailure(cause);
      ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      answer.tryFailure(new EOFException("the connection was closed before an answer"));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
      request.release();
    }
  }
}
