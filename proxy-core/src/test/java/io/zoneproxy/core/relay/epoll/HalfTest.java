package io.zoneproxy.core.relay.epoll;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.zoneproxy.core.relay.End;
import io.zoneproxy.core.relay.Side;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One socket of a connection; its peer is the rig's client. */
final class HalfTest {
  // Of <asm-generic/socket.h> and <netinet/tcp.h>.
  private static final int SOL_SOCKET = 1;
  private static final int SO_KEEPALIVE = 9;
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_NODELAY = 1;
  private static final int TCP_KEEPIDLE = 4;
  private static final int TCP_KEEPINTVL = 5;
  private static final int TCP_KEEPCNT = 6;

  private Rig rig;
  private Half half;

  @BeforeEach
  void open() throws IOException {
    rig = new Rig(1 << 20);
    half = rig.downstream;
  }

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  private int receive() {
    return half.receive(rig.shared.address(), RelayLoop.BUFFER_BYTES);
  }

  private void clientSends(String text) throws IOException {
    rig.client.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
  }

  private String clientReads(int bytes) throws IOException {
    ByteBuffer got = ByteBuffer.allocate(bytes);
    while (got.hasRemaining() && rig.client.read(got) >= 0) {
      Thread.onSpinWait();
    }
    return new String(got.array(), 0, got.position(), UTF_8);
  }

  private void resetByClient() throws IOException {
    rig.client.setOption(StandardSocketOptions.SO_LINGER, 0);
    rig.client.close();
  }

  @Test
  void knowsNothingUntilEpollHasSpoken() {
    assertThat(half.readable()).isFalse();
    assertThat(half.writable()).isFalse();
    assertThat(half.hungUp()).isFalse();
    assertThat(half.eof()).isFalse();
    assertThat(half.failure()).isNull();
    assertThat(half.side()).isEqualTo(Side.DOWNSTREAM);
  }

  @Test
  void remembersEachChangeUntilACallHasShownThatItHoldsNoMore() {
    Rig.ready(half, Rig.IN);
    assertThat(half.readable()).isTrue();
    assertThat(half.writable()).isFalse();
    Rig.ready(half, Rig.OUT);
    assertThat(half.readable()).isTrue();
    assertThat(half.writable()).isTrue();
    assertThat(receive()).isZero();
    assertThat(half.readable()).isFalse();
    assertThat(half.writable()).isTrue();
    assertThat(half.failure()).isNull();
  }

  @Test
  void triesEverythingAfterAnErrorOrAHangUp() {
    Rig.ready(half, EpollIoOps.EPOLLERR);
    assertThat(half.readable()).isTrue();
    assertThat(half.writable()).isTrue();
    assertThat(half.hungUp()).isTrue();
    Rig.ready(rig.upstream, EpollIoOps.valueOf(0x10)); // EPOLLHUP
    assertThat(rig.upstream.readable()).isTrue();
    assertThat(rig.upstream.hungUp()).isTrue();
  }

  @Test
  void knowsFromAShortReadThatThereIsNoMore() throws Exception {
    clientSends("hello");
    Rig.ready(half, Rig.IN);
    await()
        .until(
            () -> {
              Rig.ready(half, Rig.IN);
              return receive() == 5;
            });
    assertThat(half.readable()).isFalse();
    assertThat(rig.shared.received(5).toString(UTF_8)).isEqualTo("hello");
  }

  @Test
  void asksAgainAfterAShortReadWhenFinMayHaveCome() throws Exception {
    clientSends("hello");
    rig.client.shutdownOutput();
    await()
        .until(
            () -> {
              Rig.ready(half, Rig.IN, Rig.RDHUP);
              return receive() == 5;
            });
    assertThat(half.readable()).isTrue();
    assertThat(half.eof()).isFalse();
    await()
        .until(
            () -> {
              Rig.ready(half, Rig.IN, Rig.RDHUP);
              return receive() == 0 && half.eof();
            });
    assertThat(half.readable()).isFalse();
    assertThat(half.failure()).isNull();
  }

  @Test
  void hearsOnceMoreOfBytesThatItLeftToLater() throws Exception {
    onLoop(
        () -> {
          half.register(rig.shared);
          return true;
        });
    clientSends("hello");
    await().until(() -> onLoop(half::readable));
    onLoop(
        () -> {
          half.askAgain();
          return true;
        });
    await().until(() -> onLoop(half::readable));
    assertThat(onLoop(this::receive)).isEqualTo(5);
    onLoop(
        () -> {
          half.close(End.FIN);
          return true;
        });
  }

  private <T> T onLoop(Callable<T> call) throws Exception {
    return rig.shared.eventLoop().submit(call).get();
  }

  @Test
  void takesAFullReadAsASignThatThereIsMore() throws Exception {
    clientSends("hello");
    await()
        .until(
            () -> {
              Rig.ready(half, Rig.IN);
              return half.receive(rig.shared.address(), 5) == 5;
            });
    assertThat(half.readable()).isTrue();
  }

  @Test
  void saysAfterASpliceOfNothingThatOnlyAReadCanTell() throws Exception {
    KernelPipe pipe = KernelPipe.open(PipeSize.DEFAULT_BYTES);
    Rig.ready(half, Rig.IN);
    assertThat(half.spliceTo(pipe)).isZero();
    assertThat(half.readable()).isFalse();
    Rig.ready(half, Rig.IN, Rig.RDHUP);
    assertThat(half.spliceTo(pipe)).isZero();
    assertThat(half.readable()).isTrue();
    assertThat(half.eof()).isFalse();
    pipe.close();
  }

  @Test
  void sendsFromABufferAndMovesItsIndex() throws Exception {
    ByteBuf bytes = Unpooled.directBuffer().writeBytes("xhello".getBytes(UTF_8)).skipBytes(1);
    Rig.ready(half, Rig.OUT);
    half.send(bytes);
    assertThat(bytes.isReadable()).isFalse();
    assertThat(half.writable()).isTrue();
    assertThat(clientReads(5)).isEqualTo("hello");
    bytes.release();
  }

  @Test
  void knowsFromAShortSendThatThereIsNoMoreRoom() {
    ByteBuf bytes = Unpooled.directBuffer().writeZero(32 << 20); // more than any socket takes
    Rig.ready(half, Rig.OUT);
    half.send(bytes);
    assertThat(bytes.readableBytes()).isPositive();
    assertThat(half.writable()).isFalse();
    assertThat(half.failure()).isNull();
    bytes.release();
  }

  @Test
  void neverThrowsAndKeepsTheReason() throws Exception {
    resetByClient();
    await()
        .until(
            () -> {
              receive();
              return half.failure() != null;
            });
    assertThat(half.failure()).hasMessageContaining("reset");
    Rig.ready(half, Rig.OUT);
    assertThat(half.send(rig.shared.address(), 10)).isZero();
    assertThat(half.writable()).isFalse();
    assertThat(half.failure()).hasMessageContaining("Broken pipe");
    half.shutOutput();
    assertThat(half.outputShut()).isTrue();
  }

  /** No call but this one may come after a close: the number may be another file's by then. */
  @Test
  void mayBeClosedTwice() {
    half.close(End.FIN);
    half.close(End.RESET);
    assertThat(half.failure()).isNull();
  }

  @Test
  void asksTheKernelForAnErrorThatNoCallHasMet() throws Exception {
    assertThat(half.broken()).isFalse();
    clientSends("x");
    rig.client.shutdownOutput();
    assertThat(half.broken()).isFalse();
    resetByClient();
    await().until(half::broken);
  }

  @Test
  void sendsFinAndGoesOnReading() throws Exception {
    half.shutOutput();
    assertThat(half.outputShut()).isTrue();
    assertThat(clientReads(1)).isEmpty();
    clientSends("late");
    await()
        .until(
            () -> {
              Rig.ready(half, Rig.IN);
              return receive() == 4;
            });
  }

  @Test
  void closesWithFinOrWithReset() throws Exception {
    half.close(End.FIN);
    assertThat(clientReads(1)).isEmpty();
    rig.upstream.close(End.RESET);
    assertThatThrownBy(() -> rig.service.read(ByteBuffer.allocate(1)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("reset");
  }

  @Test
  void givesAwayAnOpenSocket() throws Exception {
    int descriptor = half.fd().intValue();
    half.release();
    assertThat(descriptor).isEqualTo(rig.downstreamSocket.intValue());
    new FileDescriptor(descriptor).write(ByteBuffer.allocateDirect(1), 0, 1);
    assertThat(clientReads(1)).hasSize(1);
  }

  @Test
  void asksForProbesOfAPeerThatIsSilent() throws Exception {
    assertThat(option(SOL_SOCKET, SO_KEEPALIVE)).isZero();
    half.keepAlive();
    assertThat(option(SOL_SOCKET, SO_KEEPALIVE)).isEqualTo(1);
    assertThat(option(IPPROTO_TCP, TCP_KEEPIDLE)).isEqualTo(60);
    assertThat(option(IPPROTO_TCP, TCP_KEEPINTVL)).isEqualTo(10);
    assertThat(option(IPPROTO_TCP, TCP_KEEPCNT)).isEqualTo(3);
  }

  private int option(int level, int name) throws IOException {
    return rig.downstreamSocket.getIntOpt(level, name);
  }

  @Test
  void doesNotDelaySmallPieces() throws Exception {
    assertThat(option(IPPROTO_TCP, TCP_NODELAY)).isZero();
    LinuxSockets.noDelay(rig.downstreamSocket);
    assertThat(option(IPPROTO_TCP, TCP_NODELAY)).isEqualTo(1);
  }

  @Test
  void opensASocketOfTheAddressesFamily() throws Exception {
    FileDescriptor four =
        LinuxSockets.open(new InetSocketAddress(InetAddress.getByAddress(new byte[4]), 1));
    FileDescriptor six =
        LinuxSockets.open(new InetSocketAddress(InetAddress.getByAddress(new byte[16]), 1));
    assertThat(domain(four)).isEqualTo(2); // AF_INET
    assertThat(domain(six)).isEqualTo(10); // AF_INET6
    four.close();
    six.close();
  }

  private static int domain(FileDescriptor socket) throws IOException {
    int soDomain = 39;
    return ((io.netty.channel.unix.Socket) socket).getIntOpt(SOL_SOCKET, soDomain);
  }
}
