package io.zoneproxy.core.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import io.netty.util.concurrent.Future;
import io.zoneproxy.core.model.HostPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Netty's resolver against a real name server. */
final class DnsNamesTest {
  private static final byte[] ONE = {10, 0, 0, 1};
  private static final byte[] TWO = {10, 0, 0, 2};
  private static final byte[] THREE = {10, 0, 0, 3};

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final TinyDns server = new TinyDns(group.next());
  private final DnsNames names =
      new DnsNames(group.next(), new SingletonDnsServerAddressStreamProvider(server.address()));
  private final NameTable table = new NameTable(names);

  @BeforeEach
  void noNameIsKnownButThese() {
    server.answer("backend.test", ONE, TWO);
  }

  @AfterEach
  void close() {
    names.close();
    server.close();
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private Endpoint endpoint(String host) {
    return new Endpoint(new HostPort(host, 443), table.of(host));
  }

  private static Set<String> dial(Endpoint endpoint, int times) {
    Set<String> dialed = new TreeSet<>();
    for (int i = 0; i < times; i++) {
      InetSocketAddress address = endpoint.dialAddress();
      dialed.add(address == null ? "none" : address.getAddress().getHostAddress());
    }
    return dialed;
  }

  @Test
  void takesTwoRecordsInTurnAndSeesAChangeAfterARefresh() {
    Endpoint endpoint = endpoint("backend.test");
    await().until(endpoint::resolved);
    assertThat(dial(endpoint, 2)).containsExactly("10.0.0.1", "10.0.0.2");
    server.answer("backend.test", THREE);
    await()
        .untilAsserted(
            () -> {
              table.refresh();
              assertThat(dial(endpoint, 2)).containsExactly("10.0.0.3");
            });
  }

  @Test
  void keepsTheLastAnswerWhenTheNameIsGone() {
    Endpoint endpoint = endpoint("backend.test");
    await().until(endpoint::resolved);
    server.answer("backend.test");
    int before = server.asked.size();
    table.refresh();
    await().until(() -> server.asked.size() > before);
    assertThat(names.apply("backend.test").awaitUninterruptibly().isSuccess()).isFalse();
    assertThat(dial(endpoint, 2)).containsExactly("10.0.0.1", "10.0.0.2");
  }

  @Test
  void failsForAnUnknownNameWithinTheFuture() {
    assertThat(names.apply("unknown.test").awaitUninterruptibly().cause())
        .hasMessageContaining("unknown.test");
  }

  @Test
  void failsForAnImpossibleNameWithinTheFuture() {
    // Longer than a label may be: no query goes out, and nothing is thrown at whoever asks.
    Future<List<InetAddress>> answer = names.apply("a".repeat(64) + ".test");
    assertThat(answer.awaitUninterruptibly().isSuccess()).isFalse();
    assertThat(endpoint("b".repeat(64) + ".test").resolved()).isFalse();
    table.refresh();
  }

  @Test
  void doesNotBlockWhoeverAsksAServerThatIsSilent() {
    server.mute();
    Endpoint endpoint = endpoint("backend.test");
    assertThat(endpoint.resolved()).isFalse();
    await().until(() -> server.asked.contains("backend.test."));
  }

  @Test
  void makesNoResolverWithoutAName() {
    endpoint("10.0.0.1");
    table.refresh();
    names.close(); // has nothing to close
    assertThat(server.asked).isEmpty();
  }
}
