package io.zoneproxy.core.relay.portable;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.zoneproxy.core.config.ConnectionLimits;
import io.zoneproxy.core.config.HelloLimits;
import io.zoneproxy.core.config.RelayConfig;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ConnectionObserver;
import io.zoneproxy.core.observe.ListenerStats;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.relay.Admission;
import io.zoneproxy.core.relay.LinePeek;
import io.zoneproxy.core.relay.ListenerContext;
import io.zoneproxy.core.relay.LiveConnections;
import io.zoneproxy.core.route.SniTable;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What it does after a failed accept; with a real shortage: {@code DescriptorShortageTest}. */
final class AcceptHandlerTest {
  private static final long PAUSE_MILLIS = 10;

  private final Admission admission = new Admission(ConnectionLimits.of(10), new AtomicInteger());
  private final EmbeddedChannel socket = listening();

  private EmbeddedChannel listening() {
    ListenerContext context =
        new ListenerContext(
            "inbound:test",
            () -> SniTable.EMPTY,
            LinePeek::new,
            HelloLimits.DEFAULT,
            RelayConfig.DEFAULT,
            admission,
            new LiveConnections(),
            new ListenerStats("inbound:test"),
            new ServerStats(),
            ConnectionObserver.NONE);
    EmbeddedChannel channel =
        new EmbeddedChannel(new AcceptHandler(context), new ChannelInboundHandlerAdapter());
    channel.freezeTime();
    return channel;
  }

  @AfterEach
  void close() {
    socket.finishAndReleaseAll();
  }

  private void acceptFails() {
    socket.pipeline().fireExceptionCaught(new IOException("Too many open files"));
  }

  private void accept() {
    socket.pipeline().fireChannelRead("a connection");
    socket.pipeline().fireChannelReadComplete();
  }

  private void pass(long millis) {
    socket.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    socket.runScheduledPendingTasks();
  }

  @Test
  void admitsConnectionsAsLongAsAcceptWorks() {
    accept();
    assertThat(admission.admit()).isNull();
  }

  @Test
  void resetsConnectionsAfterAFailedAcceptUntilTheReserveIsBack() {
    acceptFails();
    assertThat(admission.admit()).isEqualTo(CloseReason.NO_DESCRIPTORS);
    assertThat(socket.config().isAutoRead()).isTrue(); // the reserve lets one in
    pass(PAUSE_MILLIS);
    assertThat(admission.admit()).isNull();
  }

  @Test
  void goesOnAtOnceWhenAConnectionWasAcceptedThroughTheReserve() {
    acceptFails();
    for (int i = 0; i < 5; i++) {
      accept();
      acceptFails();
      assertThat(socket.config().isAutoRead()).isTrue();
    }
    assertThat(admission.admit()).isEqualTo(CloseReason.NO_DESCRIPTORS);
  }

  @Test
  void pausesWhenEvenTheReserveWasNotEnough() {
    acceptFails();
    acceptFails();
    assertThat(socket.config().isAutoRead()).isFalse();
    pass(PAUSE_MILLIS);
    assertThat(socket.config().isAutoRead()).isTrue();
  }

  @Test
  void pausesAfterAnyOtherFailureOfAcceptWhichItKeepsFromNetty() {
    socket.pipeline().fireExceptionCaught(new IOException("No buffer space available"));
    assertThat(socket.config().isAutoRead()).isFalse();
    assertThat(admission.admit()).isNull();
    pass(PAUSE_MILLIS);
    assertThat(socket.config().isAutoRead()).isTrue();
    socket.checkException(); // nothing came through
  }

  @Test
  void givesItsReserveUpAsOftenAsNeeded() {
    for (int i = 0; i < 3; i++) {
      acceptFails();
      assertThat(admission.admit()).isEqualTo(CloseReason.NO_DESCRIPTORS);
      pass(PAUSE_MILLIS);
      assertThat(admission.admit()).isNull();
      admission.release();
    }
  }

  @Test
  void letsGoOfItsListenerWhenTheSocketCloses() {
    acceptFails();
    socket.close();
    assertThat(admission.admit()).isNull(); // another socket of the listener goes on
    pass(PAUSE_MILLIS);
    assertThat(admission.admit()).isNull();
  }
}
