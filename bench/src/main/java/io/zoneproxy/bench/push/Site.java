package io.zoneproxy.bench.push;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Upstreams in one thread: each port says its letter to whoever connects, then echoes. */
final class Site implements AutoCloseable {
  private static final int BUFFER_BYTES = 4096;
  private static final int BACKLOG = 4096;

  private final Selector selector = Selector.open();
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

  Site() throws IOException {
    Thread thread = new Thread(this::run, "bench-site");
    thread.setDaemon(true);
    thread.start();
  }

  /** Listens on a port and the next one. */
  void add(int port, char letter) throws IOException {
    for (int each = port; each <= port + 1; each++) {
      ServerSocketChannel server = ServerSocketChannel.open();
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), each), BACKLOG);
      server.configureBlocking(false);
      server.register(selector, SelectionKey.OP_ACCEPT, letter);
    }
    selector.wakeup();
  }

  private void run() {
    try {
      while (selector.isOpen()) {
        selector.select(this::handle);
      }
    } catch (IOException | java.nio.channels.ClosedSelectorException e) {
      // closed
    }
  }

  private void handle(SelectionKey key) {
    try {
      if (key.isAcceptable()) {
        SocketChannel channel = ((ServerSocketChannel) key.channel()).accept();
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
        channel.write(ByteBuffer.wrap(new byte[] {(byte) ((char) key.attachment())}));
      } else {
        echo((SocketChannel) key.channel());
      }
    } catch (IOException e) {
      key.cancel();
    }
  }

  private void echo(SocketChannel channel) throws IOException {
    buffer.clear();
    if (channel.read(buffer) < 0) {
      channel.close();
    } else {
      buffer.flip();
      channel.write(buffer); // a ClientHello or a byte: it fits
    }
  }

  @Override
  public void close() throws IOException {
    selector.close();
  }
}
