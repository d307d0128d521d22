package io.zoneproxy.egress.e2e;

import static io.zoneproxy.tls.hello.ClientHellos.recordsOf;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/** Cuts the ClientHello of a real client on its way out; what follows it passes as it is. */
public final class HelloCutter extends ChannelOutboundHandlerAdapter {
  /** How the ClientHello leaves. */
  public enum Cut {
    /** As the client made it. */
    NOT,
    /** Each byte by a system call of its own. */
    SEGMENTS,
    /** Each byte in a TLS record of its own. */
    RECORDS,
    /** Each byte in a TLS record of its own, and each byte of those by a system call of its own. */
    BOTH
  }

  /** Of a TLS record. */
  private static final int HEADER = 5;

  private final Cut cut;
  private ByteBuf pending = Unpooled.buffer();
  private boolean done;

  HelloCutter(Cut cut) {
    this.cut = cut;
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (done || cut == Cut.NOT) {
      ctx.write(message, promise);
      return;
    }
    pending.writeBytes((ByteBuf) message);
    ((ByteBuf) message).release();
    promise.trySuccess();
    if (pending.readableBytes() < HEADER
        || pending.readableBytes() < HEADER + pending.getUnsignedShort(HEADER - 2)) {
      return;
    }
    done = true;
    byte[] record = ByteBufUtil.getBytes(pending);
    byte[] hello =
        cut == Cut.SEGMENTS
            ? record
            : recordsOf(ByteBufUtil.getBytes(pending, HEADER, pending.readableBytes() - HEADER), 1);
    pending = Unpooled.EMPTY_BUFFER;
    int piece = cut == Cut.RECORDS ? hello.length : 1;
    for (int i = 0; i < hello.length; i += piece) {
      ctx.writeAndFlush(Unpooled.wrappedBuffer(hello, i, piece), ctx.voidPromise());
    }
  }
}
