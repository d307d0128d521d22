package io.zoneproxy.core.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import io.zoneproxy.core.config.ConnectionLimits;
import io.zoneproxy.core.config.HelloLimits;
import io.zoneproxy.core.config.RelayConfig;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.Specs;
import io.zoneproxy.core.observe.ConnectionObserver;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.observe.ListenerStats;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.relay.Admission;
import io.zoneproxy.core.relay.FreePort;
import io.zoneproxy.core.relay.LinePeek;
import io.zoneproxy.core.relay.ListenerContext;
import io.zoneproxy.core.relay.ListeningSocket;
import io.zoneproxy.core.relay.LiveConnections;
import io.zoneproxy.core.relay.Relay;
import io.zoneproxy.core.relay.RelayKind;
import io.zoneproxy.core.route.SniTable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(RelayKind.class)
final class ListenerTest {
  private final RelayKind kind;

  ListenerTest(RelayKind kind) {
    this.kind = kind;
  }

  private static final byte[] IPV6_LOOPBACK = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

  private final List<Listener> bound = new ArrayList<>();
  private final List<EventLoopGroup> groups = new ArrayList<>();
  private final ListenerStats stats = new ListenerStats("inbound:test");
  private final Set<String> servedOn = new ConcurrentSkipListSet<>();
  private final AtomicInteger served = new AtomicInteger();

  @AfterEach
  void close() {
    bound.forEach(Listener::close);
    groups.forEach(group -> group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly());
  }

  private void onClosed(ConnectionRecord closed) {
    servedOn.add(Thread.currentThread().getName());
    served.incrementAndGet();
  }

  private Listener bind(String host, int port, int loops) throws BindException {
    return bind(host, port, loops, this::onClosed);
  }

  private Listener bind(String host, int port, int loops, ConnectionObserver observer)
      throws BindException {
    Relay relay = kind.make();
    EventLoopGroup group = relay.loops(loops, "listener-test");
    groups.add(group);
    ListenerSpec spec = Specs.listener("inbound:test", new HostPort(host, port));
    Listener listener =
        Listener.bind(
            spec,
            SniTable.EMPTY,
            relay,
            group,
            table ->
                new ListenerContext(
                    spec.name(),
                    table,
                    LinePeek::new,
                    HelloLimits.DEFAULT,
                    RelayConfig.DEFAULT,
                    new Admission(ConnectionLimits.of(100), new AtomicInteger()),
                    new LiveConnections(),
                    stats,
                    new ServerStats(),
                    observer));
    bound.add(listener);
    return listener;
  }

  private static Socket dial(InetSocketAddress to) throws IOException {
    Socket socket = new Socket(to.getAddress(), to.getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  /** Says hello, and is refused, for the table is empty. */
  private static void talk(InetSocketAddress to) throws IOException {
    try (Socket socket = dial(to)) {
      socket.getOutputStream().write("a\n".getBytes(StandardCharsets.UTF_8));
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  private static void assertInUse(ThrowingBind bind, int port) {
    assertThatThrownBy(bind::run)
        .isInstanceOf(BindException.class)
        .hasMessage(
            "listener inbound:test: cannot listen on 127.0.0.1:%d: the address is in use by"
                + " another program (expected: a free port; look with `ss -ltnp`)",
            port);
  }

  /** Something that binds. */
  private interface ThrowingBind {
    void run() throws Exception;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void listensOnAPortThatTheKernelChooses(int loops) throws Exception {
    Listener listener = bind("127.0.0.1", 0, loops);
    assertThat(listener.address().getPort()).isPositive();
    assertThat(listener.status().orElseThrow().address()).isEqualTo(listener.address());
    assertThat(((HostPort) listener.spec().address()).port()).isZero();
    talk(listener.address());
    await().until(() -> served.get() == 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void saysInOneLineWhoseAddressIsInUse(int loops) throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = other.getLocalPort();
      assertInUse(() -> bind("127.0.0.1", port, loops), port);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void refusesAnAddressThatAnotherProcessWouldShare(int loops) throws Exception {
    assumeTrue(kind.make().canShareAddress(), "skipped: no SO_REUSEPORT on this system");
    try (ServerSocketChannel other = ServerSocketChannel.open()) {
      other.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      int port = ((InetSocketAddress) other.getLocalAddress()).getPort();
      assertInUse(() -> bind("127.0.0.1", port, loops), port);
    }
  }

  @Test
  void refusesTheAddressOfAnotherListenerOfOurs() throws Exception {
    int port = bind("127.0.0.1", 0, 2).address().getPort();
    assertInUse(() -> bind("127.0.0.1", port, 2), port);
  }

  @Test
  void leavesNothingBoundAfterAFailure() throws Exception {
    int port = FreePort.onLoopback();
    try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(other.isBound()).isTrue();
      assertThatThrownBy(() -> bind("127.0.0.1", port, 2)).isInstanceOf(BindException.class);
    }
    assertThatThrownBy(() -> dial(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)))
        .isInstanceOf(ConnectException.class);
    talk(bind("127.0.0.1", port, 2).address());
  }

  @Test
  void leavesNothingBoundWhenALaterSocketFails() throws Exception {
    // The probe and the first socket succeed; the second one meets a loop that is gone.
    EventLoopGroup group = kind.make().loops(2, "half");
    groups.add(group);
    int port = FreePort.onLoopback();
    AtomicInteger calls = new AtomicInteger();
    ListenerSpec spec = Specs.listener("inbound:test", new HostPort("127.0.0.1", port));
    assertThatThrownBy(
            () ->
                Listener.bind(
                    spec,
                    SniTable.EMPTY,
                    new FirstSocketOnly(kind.make(), calls),
                    group,
                    table ->
                        new ListenerContext(
                            spec.name(),
                            table,
                            LinePeek::new,
                            HelloLimits.DEFAULT,
                            RelayConfig.DEFAULT,
                            new Admission(ConnectionLimits.of(1), new AtomicInteger()),
                            new LiveConnections(),
                            stats,
                            new ServerStats(),
                            ConnectionObserver.NONE)))
        .hasMessage("listener inbound:test: cannot listen on 127.0.0.1:%d: no buffer space", port);
    assertThat(calls).hasValue(2);
    assertThatThrownBy(() -> dial(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)))
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void listensWhereConnectionsOfAnEarlierRunLinger() throws Exception {
    Listener earlier = bind("127.0.0.1", 0, 2);
    InetSocketAddress address = earlier.address();
    try (Socket client = dial(address)) {
      client.getOutputStream().write("a\n".getBytes(StandardCharsets.UTF_8));
      // The proxy closes first: its end lingers in TIME_WAIT.
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
    earlier.close();
    talk(bind("127.0.0.1", address.getPort(), 2).address());
  }

  @Test
  void listensOnANameThatThisMachineHas() throws Exception {
    Listener listener = bind("localhost", 0, 2);
    assertThat(listener.address().getAddress().isLoopbackAddress()).isTrue();
    talk(listener.address());
  }

  @Test
  void saysThatANameIsUnknown() {
    assertThatThrownBy(() -> bind("no-such-host.invalid", 10_001, 2))
        .isInstanceOf(BindException.class)
        .hasMessage(
            "listener inbound:test: cannot listen on no-such-host.invalid:10001: the name cannot"
                + " be resolved");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void saysThatAnAddressIsNotOnThisMachine(int loops) {
    // 192.0.2.0/24 is kept for documentation: no machine has it.
    assertThatThrownBy(() -> bind("192.0.2.1", 10_001, loops))
        .isInstanceOf(BindException.class)
        .hasMessage(
            "listener inbound:test: cannot listen on 192.0.2.1:10001: no interface of this machine"
                + " has the address (expected: one that `ip address` lists)");
  }

  @Test
  void listensOnIpv6() throws Exception {
    assumeTrue(hasIpv6(), "skipped: this machine has no ::1");
    Listener listener = bind("::1", 0, 2);
    assertThat(listener.address().getAddress()).isEqualTo(InetAddress.getByAddress(IPV6_LOOPBACK));
    talk(listener.address());
    int port = listener.address().getPort();
    assertThatThrownBy(() -> bind("::1", port, 2)).hasMessageContaining("[::1]:" + port);
  }

  private static boolean hasIpv6() {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getByAddress(IPV6_LOOPBACK))) {
      return any.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void servesConnectionsOnEveryLoop() throws Exception {
    assumeTrue(kind.make().canShareAddress(), "skipped: no SO_REUSEPORT on this system");
    Listener listener = bind("127.0.0.1", 0, 2);
    // The kernel chooses by a hash of the ports: 200 on one side is as likely as 2 to the -199.
    for (int i = 0; i < 200; i++) {
      talk(listener.address());
    }
    await().until(() -> served.get() == 200);
    assertThat(servedOn).hasSize(2);
    assertThat(stats.total.sum()).isEqualTo(200);
  }

  @Test
  void servesAnotherTableFromTheNextConnectionOn() throws Exception {
    Listener listener = bind("127.0.0.1", 0, 1);
    assertThat(listener.table()).isSameAs(SniTable.EMPTY);
    SniTable next =
        SniTable.of(
            List.of(),
            name -> {
              throw new AssertionError(name);
            });
    listener.swap(next);
    assertThat(listener.table()).isSameAs(next);
  }

  @Test
  void acceptsNothingAfterClose() throws Exception {
    Listener listener = bind("127.0.0.1", 0, 2);
    listener.close();
    listener.close();
    assertThatThrownBy(() -> dial(listener.address())).isInstanceOf(ConnectException.class);
  }

  /**
   * Fails for every socket but the first.
   *
   * @param real opens that one
   * @param calls counts them
   */
  private record FirstSocketOnly(Relay real, AtomicInteger calls) implements Relay {
    @Override
    public String name() {
      return real.name();
    }

    @Override
    public EventLoopGroup loops(int threads, String threadName) {
      return real.loops(threads, threadName);
    }

    @Override
    public boolean canShareAddress() {
      return true;
    }

    @Override
    public Future<ListeningSocket> listen(
        EventLoop loop,
        EventLoopGroup children,
        InetSocketAddress address,
        boolean shared,
        ListenerContext context) {
      return calls.getAndIncrement() == 0
          ? real.listen(loop, children, address, shared, context)
          : loop.newFailedFuture(new IOException("no buffer space"));
    }
  }
}
