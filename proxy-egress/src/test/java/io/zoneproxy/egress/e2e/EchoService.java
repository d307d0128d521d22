package io.zoneproxy.egress.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Sends back what it gets, and FIN for FIN: cheap enough for thousands of connections at once. */
public final class EchoService implements AutoCloseable {
  /** Holds a whole window of loopback's. */
  private static final int READ_BYTES = 64 * 1024;

  private static final int BACKLOG = 4096;

  public final AtomicInteger connections = new AtomicInteger();
  final AtomicLong bytes = new AtomicLong();
  private final ServerSocketChannel listening;
  private final Selector selector;
  private final ByteBuffer read = ByteBuffer.allocateDirect(READ_BYTES);
  private final Thread thread = new Thread(this::run, "echo-service");

  public EchoService() throws IOException {
    selector = Selector.open();
    listening = ServerSocketChannel.open();
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    listening.configureBlocking(false);
    listening.register(selector, SelectionKey.OP_ACCEPT);
    thread.setDaemon(true);
    thread.start();
  }

  public int port() {
    return listening.socket().getLocalPort();
  }

  private void run() {
    try {
      while (listening.isOpen()) {
        selector.select(this::serve);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve(SelectionKey key) {
    try {
      if (key.isAcceptable()) {
        accept();
      } else {
        echo((SocketChannel) key.channel(), key);
      }
    } catch (IOException | CancelledKeyException e) {
      close(key); // a reset: the other end has its reasons
    }
  }

  private void accept() throws IOException {
    for (SocketChannel next = listening.accept(); next != null; next = listening.accept()) {
      connections.incrementAndGet();
      next.configureBlocking(false);
      next.register(selector, SelectionKey.OP_READ);
    }
  }

  private void echo(SocketChannel channel, SelectionKey key) throws IOException {
    if (key.attachment() instanceof ByteBuffer rest) {
      channel.write(rest);
      if (rest.hasRemaining()) {
        return;
      }
      key.attach(null);
      key.interestOps(SelectionKey.OP_READ);
    }
    read.clear();
    int count = channel.read(read);
    if (count < 0) {
      channel.shutdownOutput();
      close(key);
      return;
    }
    bytes.addAndGet(count);
    read.flip();
    channel.write(read);
    if (read.hasRemaining()) {
      key.attach(ByteBuffer.allocate(read.remaining()).put(read).flip());
      key.interestOps(SelectionKey.OP_WRITE);
    }
  }

  private static void close(SelectionKey key) {
    try {
      key.channel().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    if (!listening.isOpen()) {
      return;
    }
    listening.close();
    selector.wakeup();
    join();
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }

  private void join() {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
