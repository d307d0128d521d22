package io.zoneproxy.egress.e2e;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Many connections at a time on one thread. Each sends a ClientHello, then content of a length of
 * its own, then FIN; it wants back every byte, then FIN.
 */
final class LoadClient {
  private static final int MAX_CONTENT = 64 * 1024;

  /** Windows of it are the contents, so that no two neighbours are equal. */
  private static final int POOL_BYTES = 2 * MAX_CONTENT;

  /** Nothing at all happens for so long: it hangs. */
  private static final long STALLED_MILLIS = 20_000;

  /** What went wrong, one line a connection. */
  final List<String> failures = new ArrayList<>();

  private final InetSocketAddress door;
  private final ByteBuffer hello;
  private final ByteBuffer pool = ByteBuffer.allocateDirect(POOL_BYTES);
  private final ByteBuffer read = ByteBuffer.allocateDirect(MAX_CONTENT);
  private final Random random;
  private long sent;
  private int started;
  private int ended;
  private int waiting;
  private boolean allOpen;

  LoadClient(InetSocketAddress door, byte[] hello, long seed) {
    this.door = door;
    this.hello = ByteBuffer.allocateDirect(hello.length).put(hello).flip();
    this.random = new Random(seed);
    byte[] noise = new byte[POOL_BYTES];
    random.nextBytes(noise);
    pool.put(noise).flip();
  }

  /** Bytes sent in all. */
  long sent() {
    return sent;
  }

  /**
   * Makes the connections. The first ones wait with their content until all that may be open are
   * open from end to end.
   *
   * @param total how many
   * @param atATime how many may be open
   * @param whenAllOpen runs in that moment
   */
  void run(int total, int atATime, Runnable whenAllOpen) throws IOException {
    try (Selector selector = Selector.open()) {
      while (ended < total) {
        while (started < total && started - ended < atATime) {
          start(selector);
        }
        if (selector.select(this::step, STALLED_MILLIS) == 0) {
          throw new AssertionError("nothing happens; %d of %d ended".formatted(ended, total));
        }
        if (!allOpen && waiting == atATime) {
          whenAllOpen.run();
          allOpen = true;
          selector.keys().forEach(key -> key.interestOpsOr(SelectionKey.OP_WRITE));
        }
      }
    }
  }

  private void start(Selector selector) throws IOException {
    started++;
    SocketChannel channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    // Most contents are short, as most are in life; the longest are there too.
    int length = (int) (MAX_CONTENT * Math.pow(random.nextDouble(), 3) + 0.5);
    ByteBuffer content = pool.slice(random.nextInt(POOL_BYTES - MAX_CONTENT), length);
    int ops = channel.connect(door) ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT;
    channel.register(selector, ops, new Flow(hello.duplicate(), content, hello.duplicate()));
    sent += hello.remaining() + length;
  }

  private void step(SelectionKey key) {
    Flow flow = (Flow) key.attachment();
    SocketChannel channel = (SocketChannel) key.channel();
    try {
      if (key.isConnectable() && channel.finishConnect()) {
        key.interestOps(SelectionKey.OP_WRITE);
      } else {
        if (key.isWritable()) {
          write(key, channel, flow);
        }
        if (key.isReadable()) {
          read(key, channel, flow);
        }
      }
    } catch (IOException e) {
      fail(key, e.toString());
    }
  }

  private void write(SelectionKey key, SocketChannel channel, Flow flow) throws IOException {
    channel.write(flow.hello);
    if (flow.hello.hasRemaining()) {
      return;
    }
    if (!allOpen) {
      key.interestOps(SelectionKey.OP_READ);
      return;
    }
    channel.write(flow.content);
    if (!flow.content.hasRemaining()) {
      channel.shutdownOutput();
      key.interestOps(SelectionKey.OP_READ);
    } else {
      key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }
  }

  private void read(SelectionKey key, SocketChannel channel, Flow flow) throws IOException {
    read.clear();
    int count = channel.read(read);
    read.flip();
    if (count < 0) {
      end(key, flow);
    } else if (!flow.expects(read)) {
      fail(key, "other bytes came back than were sent");
    } else if (!allOpen && !flow.expectedHello.hasRemaining()) {
      waiting++;
      key.interestOps(0);
    }
  }

  private void end(SelectionKey key, Flow flow) throws IOException {
    if (flow.isComplete()) {
      ended++;
      key.channel().close();
    } else {
      fail(key, "FIN %d bytes too early".formatted(flow.missing()));
    }
  }

  private void fail(SelectionKey key, String what) {
    failures.add(what);
    ended++;
    try {
      key.channel().close();
    } catch (IOException e) {
      failures.add(e.toString());
    }
  }

  /** One connection's bytes: those to send and those that must come back. */
  private static final class Flow {
    private final ByteBuffer hello;
    private final ByteBuffer content;
    private final ByteBuffer expectedHello;
    private final ByteBuffer expectedContent;

    Flow(ByteBuffer hello, ByteBuffer content, ByteBuffer expectedHello) {
      this.hello = hello;
      this.content = content;
      this.expectedHello = expectedHello;
      this.expectedContent = content.duplicate();
    }

    boolean expects(ByteBuffer received) {
      return matches(received, expectedHello)
          && matches(received, expectedContent)
          && !received.hasRemaining();
    }

    private static boolean matches(ByteBuffer received, ByteBuffer expected) {
      int count = Math.min(received.remaining(), expected.remaining());
      ByteBuffer part = received.slice(received.position(), count);
      boolean equal = part.equals(expected.slice(expected.position(), count));
      received.position(received.position() + count);
      expected.position(expected.position() + count);
      return equal;
    }

    boolean isComplete() {
      return !hello.hasRemaining() && !content.hasRemaining() && missing() == 0;
    }

    int missing() {
      return expectedHello.remaining() + expectedContent.remaining();
    }
  }
}
