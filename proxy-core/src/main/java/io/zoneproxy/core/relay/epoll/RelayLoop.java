package io.zoneproxy.core.relay.epoll;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.channel.unix.Buffer;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** What the connections of one event loop share, without locks. On that loop only. */
final class RelayLoop {
  /** One call of copying moves no more: it bounds what a connection whose sink is slow may hold. */
  static final int BUFFER_BYTES = 64 * 1024;

  // How late a deadline may be noticed. Connections that are being made have deadlines of seconds
  // and are few; those that relay have deadlines of minutes and may be 100,000.
  private static final Duration OPENING = Duration.ofMillis(100);
  private static final Duration RELAYING = Duration.ofSeconds(1);

  private final IoEventLoop loop;
  private final PipePool pipes;
  private final Sweep opening;
  private final Sweep relaying;
  private final long address;
  private final ByteBuf buffer;
  private final Runnable unused;
  private int users;

  /**
   * @param unused called when the last listening socket and the last connection have left
   */
  RelayLoop(IoEventLoop loop, PipePool pipes, Runnable unused) {
    this.loop = loop;
    this.pipes = pipes;
    this.unused = unused;
    this.opening = new Sweep(loop, OPENING);
    this.relaying = new Sweep(loop, RELAYING);
    ByteBuffer memory = ByteBuffer.allocateDirect(BUFFER_BYTES);
    this.address = Buffer.memoryAddress(memory);
    this.buffer = Unpooled.wrappedBuffer(memory);
  }

  /** One more uses it; {@link #leave} is owed. */
  void join() {
    users++;
  }

  /** One has closed. The event loop may be another program's, and outlive them all. */
  void leave() {
    users--;
    if (users == 0) {
      unused.run();
      pipes.close();
    }
  }

  IoEventLoop eventLoop() {
    return loop;
  }

  PipePool pipes() {
    return pipes;
  }

  /** Connections whose ClientHello or endpoint is awaited. */
  Sweep opening() {
    return opening;
  }

  /** Connections that relay. */
  Sweep relaying() {
    return relaying;
  }

  /** Where every read goes; what is not used up at once is copied away. */
  long address() {
    return address;
  }

  /** The same memory, with so many bytes to read in it; lent, never released or kept. */
  ByteBuf received(int bytes) {
    return buffer.setIndex(0, bytes);
  }

  /** Enters a descriptor; nothing is waited for until ops are submitted. */
  IoRegistration register(IoHandle handle) throws IOException {
    Future<IoRegistration> done = loop.register(handle); // at once, for this is the loop
    if (!done.isSuccess()) {
      throw new IOException("cannot register with epoll: " + done.cause());
    }
    return done.getNow();
  }
}
