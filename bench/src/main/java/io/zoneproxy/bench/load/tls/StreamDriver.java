package io.zoneproxy.bench.load.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.zoneproxy.bench.load.Driver;
import io.zoneproxy.bench.load.Tally;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Streams without end in TLS, one direction. Counts bytes where they arrive. */
final class StreamDriver implements Driver {
  private final TlsSite site;
  private final boolean upload;
  private final Tally tally = new Tally();
  private final List<Client> clients = new ArrayList<>();
  private long counted;

  StreamDriver(TlsSite site, int connections, boolean upload) {
    this.site = site;
    this.upload = upload;
    for (int i = 0; i < connections; i++) {
      clients.add(new Client());
    }
  }

  @Override
  public void start() {
    clients.forEach(client -> site.connect(Ports.TCP_EC, Certificates.KeyKind.EC, false, client));
  }

  private final class Client extends ChannelInboundHandlerAdapter {
    private final Streaming stream = new Streaming(site.loop());
    private @Nullable ChannelHandlerContext context;
    private boolean secured;
    private boolean closed;
    private boolean ending;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      context = ctx;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof SslHandshakeCompletionEvent handshake) {
        if (handshake.isSuccess()) {
          secured = true;
          ctx.writeAndFlush(
              ctx.alloc().directBuffer(1).writeByte(upload ? Streaming.UP : Streaming.DOWN));
          maybeSend(ctx);
        } else {
          exceptionCaught(ctx, handshake.cause());
        }
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
      maybeSend(ctx);
    }

    private void maybeSend(ChannelHandlerContext ctx) {
      if (upload && secured && !ending) {
        stream.send(ctx);
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      try {
        stream.check(bytes);
      } finally {
        bytes.release();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      fault(String.valueOf(cause.getMessage()));
      ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      fault("closed at byte " + stream.bytes());
      closed = true;
    }

    private void fault(String text) {
      if (!ending) {
        ending = true;
        site.loop().faults().add("bulk: " + text);
      }
    }

    void end() {
      ending = true;
      ChannelHandlerContext at = context;
      if (at == null) {
        closed = true;
      } else {
        at.close();
      }
    }
  }

  private long arrived() {
    return upload
        ? site.upstream().uploadedBytes()
        : clients.stream().mapToLong(client -> client.stream.bytes()).sum();
  }

  @Override
  public boolean isReady() {
    return clients.stream().allMatch(client -> client.secured) && arrived() > 0;
  }

  @Override
  public void finish() {
    clients.forEach(Client::end);
  }

  @Override
  public boolean isFinished() {
    return clients.stream().allMatch(client -> client.closed);
  }

  @Override
  public void begin() {
    tally(); // what arrived so far
    tally.begin();
  }

  @Override
  public Tally tally() {
    long now = arrived();
    tally.add(now - counted);
    counted = now;
    return tally;
  }

  @Override
  public void close() {
    clients.forEach(Client::end);
  }
}
