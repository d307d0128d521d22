package io.zoneproxy.core.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.zoneproxy.core.config.ConnectionLimits;
import io.zoneproxy.core.config.HelloLimits;
import io.zoneproxy.core.config.RelayConfig;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.observe.ListenerStats;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.route.FilterChain;
import io.zoneproxy.core.route.SniTable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Chains that give their connections to Netty handlers. */
@ParameterizedClass
@EnumSource(RelayKind.class)
final class HandOverTest {
  private static final int LARGE = 3_000_000;

  private final Relay relay;
  private final EventLoopGroup loops;
  private final LiveConnections live = new LiveConnections();
  private final AtomicInteger open = new AtomicInteger();
  private final BlockingQueue<ConnectionRecord> closed = new LinkedBlockingQueue<>();

  HandOverTest(RelayKind kind) {
    relay = kind.make();
    loops = relay.loops(1, "hand-over");
  }

  @AfterEach
  void stop() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private Socket dial(Consumer<Channel> handlers) throws IOException {
    SniTable table = SniTable.of(List.of(new FilterChain.Terminate("a", handlers)));
    return dial(() -> table);
  }

  private Socket dial(Supplier<SniTable> table) throws IOException {
    ListenerContext context =
        new ListenerContext(
            "inbound:test",
            table,
            LinePeek::new,
            HelloLimits.DEFAULT,
            RelayConfig.DEFAULT,
            new Admission(ConnectionLimits.of(10), open),
            live,
            new ListenerStats("inbound:test"),
            new ServerStats(),
            closed::add);
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    ListeningSocket listening =
        relay.listen(loops.next(), loops, any, false, context).syncUninterruptibly().getNow();
    Socket socket = new Socket(any.getAddress(), listening.address().getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static void echo(Channel channel) {
    channel
        .pipeline()
        .addLast(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext ctx, Object message) {
                ctx.writeAndFlush(message);
              }
            });
  }

  private ConnectionRecord record() throws InterruptedException {
    ConnectionRecord record = closed.poll(20, TimeUnit.SECONDS);
    assertThat(record).isNotNull();
    return record;
  }

  @Test
  void givesHandlersTheHelloAndAllThatFollows() throws Exception {
    try (Socket client = dial(HandOverTest::echo)) {
      for (byte each : "a\nbc".getBytes(UTF_8)) { // a byte at a time
        client.getOutputStream().write(each);
        client.getOutputStream().flush();
      }
      assertThat(client.getInputStream().readNBytes(4)).asString(UTF_8).isEqualTo("a\nbc");
      assertThat(live.count()).isEqualTo(1);
      Thread writer = new Thread(() -> write(client, new byte[LARGE]));
      writer.start();
      assertThat(client.getInputStream().readNBytes(LARGE)).hasSize(LARGE);
      writer.join();
    }
    ConnectionRecord record = record();
    assertThat(record.reason()).isEqualTo(CloseReason.DONE);
    assertThat(record.chain()).isEqualTo("a");
    assertThat(record.bytesUp()).isEqualTo(LARGE + 4);
    assertThat(record.bytesDown()).isEqualTo(LARGE + 4);
    assertThat(live.count()).isZero();
    assertThat(open).hasValue(0);
  }

  private static void write(Socket to, byte[] bytes) {
    try {
      to.getOutputStream().write(bytes);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void cutsSuchAConnectionToo() throws Exception {
    try (Socket client = dial(HandOverTest::echo)) {
      client.getOutputStream().write("a\n".getBytes(UTF_8));
      assertThat(client.getInputStream().readNBytes(2)).hasSize(2);
      assertThat(live.cut(1, any -> true, CloseReason.DRAINED)).isEqualTo(1);
      assertThat(record().reason()).isEqualTo(CloseReason.DRAINED);
      await().until(() -> open.get() == 0);
    }
  }

  @Test
  void losesOnlyTheConnectionWhoseHandlersFail() throws Exception {
    try (Socket client =
        dial(
            (Channel channel) -> {
              throw new IllegalStateException("on purpose");
            })) {
      client.getOutputStream().write("a\n".getBytes(UTF_8));
      assertThat(record().reason()).isEqualTo(CloseReason.INTERNAL);
      assertThat(open).hasValue(0);
    }
  }

  @Test
  void losesOnlyTheConnectionWhoseHandlersFailBadly() throws Exception {
    try (Socket client =
        dial(
            (Channel channel) -> {
              throw new OutOfMemoryError("on purpose");
            })) {
      client.getOutputStream().write("a\n".getBytes(UTF_8));
      assertThat(record().reason()).isEqualTo(CloseReason.NO_MEMORY);
      assertThat(open).hasValue(0);
    }
  }

  @Test
  void forgetsAConnectionThatIsResetBeforeItIsHandedOver() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (Socket client = dial(HandOverTest::echo)) {
      loops.forEach(loop -> loop.execute(() -> pass(go)));
      client.getOutputStream().write("a\n".getBytes(UTF_8));
      client.setSoLinger(true, 0);
    }
    go.countDown();
    assertThat(record().reason()).isIn(CloseReason.DOWNSTREAM_RESET, CloseReason.DONE);
    await().until(() -> open.get() == 0 && live.count() == 0);
  }

  @Test
  void cutsAConnectionThatWasToldSoJustBeforeItIsHandedOver() throws Exception {
    SniTable table = SniTable.of(List.of(new FilterChain.Terminate("a", HandOverTest::echo)));
    AtomicInteger asked = new AtomicInteger();
    Supplier<SniTable> cuts =
        () -> {
          if (asked.incrementAndGet() == 2) { // first how to look at it, then for its chain
            live.cut(1, any -> true, CloseReason.DRAINED);
          }
          return table;
        };
    try (Socket client = dial(cuts)) {
      client.getOutputStream().write("a\n".getBytes(UTF_8));
      assertThat(record().reason()).isEqualTo(CloseReason.DRAINED);
      await().until(() -> open.get() == 0 && live.count() == 0);
    }
  }

  private static void pass(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
