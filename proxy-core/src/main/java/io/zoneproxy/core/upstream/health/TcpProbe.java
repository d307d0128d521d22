package io.zoneproxy.core.upstream.health;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.Future;
import io.zoneproxy.core.model.balance.HealthCheck;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One question to one endpoint: connects, sends, and looks for the parts of the answer. Owns its
 * socket and closes it, also when it is cancelled. On the control loop only.
 */
final class TcpProbe extends SimpleChannelInboundHandler<ByteBuf> {
  /** The words are few; an endpoint that sends and sends is not the one that is meant. */
  private static final int MOST_BYTES = 1024 * 1024;

  /** How it ended. */
  enum Outcome {
    PASSED,
    FAILED,
    /** There was no socket for it: no endpoint is to blame. */
    NOT_ASKED
  }

  private final byte[] send;
  private final AnswerMatch answer;
  private final Consumer<Outcome> outcome;
  private final Channel channel;
  private final Future<?> timeout;
  private int received;
  private boolean over;

  /**
   * Begins.
   *
   * @param outcome told once, unless it was cancelled
   */
  TcpProbe(
      EventLoop loop,
      HealthCheck.Tcp probe,
      InetSocketAddress to,
      Duration limit,
      Consumer<Outcome> outcome) {
    this.send = ByteBufUtil.decodeHexDump(probe.send());
    this.answer = new AnswerMatch(parts(probe.receive()));
    this.outcome = outcome;
    this.timeout =
        loop.schedule(
            () -> end(Outcome.FAILED), limit.toNanos(), TimeUnit.NANOSECONDS); // connecting, too
    ChannelFuture dial =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0) // the limit above is for everything
            .handler(this)
            .connect(to);
    this.channel = dial.channel();
    // A dial that got no socket has no event loop, and is told from a thread of Netty's own.
    dial.addListener((ChannelFutureListener) done -> loop.execute(() -> dialed(done)));
  }

  private static List<byte[]> parts(List<String> hex) {
    return hex.stream().map(ByteBufUtil::decodeHexDump).toList();
  }

  private void dialed(ChannelFuture dial) {
    if (dial.isSuccess()) {
      if (!over && send.length > 0) {
        channel.writeAndFlush(Unpooled.wrappedBuffer(send), channel.voidPromise());
      }
      if (answer.complete()) {
        end(Outcome.PASSED);
      }
    } else {
      end(dial.cause() instanceof ChannelException ? Outcome.NOT_ASKED : Outcome.FAILED);
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
    received += bytes.readableBytes();
    if (over) {
      return;
    }
    if (answer.add(ByteBufUtil.getBytes(bytes))) {
      end(Outcome.PASSED);
    } else if (received > MOST_BYTES) {
      end(Outcome.FAILED);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    end(Outcome.FAILED);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    end(Outcome.FAILED); // whatever it was: the endpoint has not answered
  }

  /** Nobody wants to know any more. */
  void cancel() {
    over = true;
    timeout.cancel(false);
    channel.close();
  }

  private void end(Outcome how) {
    if (!over) {
      cancel();
      outcome.accept(how);
    }
  }
}
