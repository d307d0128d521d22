package io.zoneproxy.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;

/**
 * The one thread, and what is shared on it: the buffer that everything is received into, the
 * content, the faults. Clients and the upstream server live here side by side.
 */
public final class LoadLoop implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final IoEventLoop events = group.next();
  private final ByteBuf memory = Unpooled.directBuffer(Content.MAX_CHUNK_BYTES);
  private final ByteBuffer received =
      memory.nioBuffer(0, memory.capacity()).order(ByteOrder.nativeOrder());
  private final Content content = new Content();
  private final Discard discard = new Discard();
  private final Faults faults = new Faults();

  /** Runs tasks and timers, takes {@link Wire}s. */
  public IoEventLoop events() {
    return events;
  }

  /** What the last {@link Wire#receive} brought, from 0 on; the next one overwrites it. */
  ByteBuffer received() {
    return received;
  }

  /** Address and size of {@link #received}. */
  long receiveAddress() {
    return memory.memoryAddress();
  }

  public Content content() {
    return content;
  }

  Discard discard() {
    return discard;
  }

  /** Of all connections of both sides. */
  public Faults faults() {
    return faults;
  }

  /** Ends the thread; connections that are open are closed. */
  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    discard.close();
    memory.release();
    content.release();
  }
}
