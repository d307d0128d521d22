package io.zoneproxy.bench.load.tls;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.zoneproxy.bench.load.LoadLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/** The plain servers behind the proxy: HTTP/1.1, and streams. On the loop's thread. */
public final class TlsUpstream {
  private static final int BACKLOG = 4096; // more than any workload opens at once
  private static final String GET = "GET /";

  private final LoadLoop loop;
  private final IntObjectMap<ByteBuf> responses = new IntObjectHashMap<>();
  private long uploadedBytes;

  private TlsUpstream(LoadLoop loop) {
    this.loop = loop;
  }

  /**
   * Begins to listen.
   *
   * @param address the port that these are told by; see {@link Ports}
   */
  public static TlsUpstream listen(LoadLoop loop, InetSocketAddress address) {
    TlsUpstream upstream = new TlsUpstream(loop);
    upstream.listen(address, Ports.UPSTREAM_HTTP, () -> upstream.new Http());
    upstream.listen(address, Ports.UPSTREAM_TCP, () -> upstream.new Stream());
    return upstream;
  }

  private void listen(InetSocketAddress address, int port, Supplier<ChannelHandler> handler) {
    new ServerBootstrap()
        .group(loop.events())
        .channel(EpollServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel.pipeline().addLast(handler.get());
              }
            })
        .bind(new InetSocketAddress(address.getAddress(), address.getPort() + port))
        .addListener(
            bound -> {
              if (!bound.isSuccess()) {
                loop.faults().add("upstream: " + bound.cause().getMessage());
              }
            });
  }

  /** All that has arrived here so far. */
  long uploadedBytes() {
    return uploadedBytes;
  }

  private ByteBuf response(int length) {
    ByteBuf known = responses.get(length);
    if (known == null) {
      known = Answer.response(length);
      responses.put(length, known);
    }
    return known.duplicate();
  }

  /** Answers GET with as many bytes as its path says. */
  private final class Http extends ByteToMessageDecoder {
    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
        throws IOException {
      int head = Http1Client.headBytes(in);
      if (head > 0) {
        int length = length(in);
        in.skipBytes(head);
        ctx.write(response(length), ctx.voidPromise());
      }
    }

    private int length(ByteBuf in) throws IOException {
      int at = in.readerIndex() + GET.length();
      int length = 0;
      for (; in.getByte(at) >= '0' && in.getByte(at) <= '9'; at++) {
        length = length * 10 + in.getByte(at) - '0';
      }
      if (in.getByte(in.readerIndex()) != 'G' || in.getByte(at) != ' ' || length == 0) {
        throw new IOException(
            "request: " + in.toString(StandardCharsets.US_ASCII).lines().findFirst().orElse(""));
      }
      return length;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
      ctx.flush();
      super.channelReadComplete(ctx);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      if (!(cause instanceof IOException)) { // that is a proxy's reset
        loop.faults().add("upstream: " + cause.getMessage());
      }
      ctx.close();
    }
  }

  /** Sends or checks, as the first byte says. */
  private final class Stream extends ChannelInboundHandlerAdapter {
    private final Streaming stream = new Streaming(loop);
    private boolean told;
    private boolean sends;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      try {
        if (!told && bytes.isReadable()) {
          told = true;
          sends = bytes.readByte() == Streaming.DOWN;
          if (sends) {
            stream.send(ctx);
          }
        }
        uploadedBytes += bytes.readableBytes();
        stream.check(bytes);
      } finally {
        bytes.release();
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
      if (sends) {
        stream.send(ctx);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      if (!(cause instanceof IOException)) { // that is a proxy's reset
        loop.faults().add("upstream: " + cause.getMessage());
      }
      ctx.close();
    }
  }
}
