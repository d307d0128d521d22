package io.zoneproxy.bench.terminate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.handler.ssl.OpenSsl;
import io.zoneproxy.bench.load.LoadSession;
import io.zoneproxy.bench.load.Measured;
import io.zoneproxy.bench.load.Work;
import io.zoneproxy.bench.load.Work.Kind;
import io.zoneproxy.bench.load.tls.Certificates;
import io.zoneproxy.bench.side.Programs;
import io.zoneproxy.core.model.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The load generator's clients in TLS, through the proxy that is measured. */
class EndedTlsTest {
  private static final String NAME = "a.example";
  private static final int MILLIS = 200;
  private static final int LOWEST_PORT = 12_000;
  private static final int IN_A_ROW = 4; // of a proxy, see Ports; an upstream has fewer
  private static final int ROWS = 5_000; // ends at 32,000

  private static Certificates certificates;

  @BeforeAll
  static void make(@TempDir Path folder) throws IOException {
    assumeTrue(Epoll.isAvailable(), "no epoll here: the load generator runs on Linux only");
    assumeTrue(OpenSsl.isAvailable(), "no BoringSSL here: the clients need it");
    assumeTrue(Programs.find("openssl").isPresent(), "no openssl here: it makes certificates");
    certificates = Certificates.make(folder);
  }

  /** The first of some in a row, below those that the kernel gives away. */
  private static int freePorts() {
    while (true) {
      int first = LOWEST_PORT + IN_A_ROW * ThreadLocalRandom.current().nextInt(ROWS);
      if (IntStream.range(first, first + IN_A_ROW).allMatch(EndedTlsTest::isFree)) {
        return first;
      }
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port)) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  private static LoadSession session(int upstream) throws IOException {
    return new LoadSession(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), upstream),
        NAME,
        Optional.of(certificates));
  }

  private static EndingProxy proxy(int port, int upstream) {
    return new EndingProxy(
        new EndedChains(
            new HostPort("127.0.0.1", port),
            new HostPort("127.0.0.1", upstream),
            NAME,
            certificates),
        1);
  }

  private static long units(LoadSession session) throws IOException {
    Measured measured = session.measure(0, MILLIS, List.of());
    return measured.figures().get(0).units();
  }

  @Test
  void eachKindOfWorkIsDoneWithoutAFault() throws IOException {
    int upstream = freePorts();
    int port = freePorts();
    InetSocketAddress target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try (LoadSession session = session(upstream);
        EndingProxy serving = proxy(port, upstream)) {
      assertThat(serving).isNotNull();
      for (Work work :
          List.of(
              Work.inTls(Kind.TLS_HTTP1, 3, 0, 128),
              Work.inTls(Kind.TLS_HTTP2, 2, 0, 128),
              Work.inTls(Kind.TLS_HTTP1, 3, 100, 20_000),
              Work.inTls(Kind.TLS_HTTP2, 2, 100, 20_000),
              Work.inTls(Kind.TLS_HANDSHAKE_EC, 2, 0, 128),
              Work.inTls(Kind.TLS_HANDSHAKE_RSA, 2, 0, 128),
              Work.inTls(Kind.TLS_DOWN, 2, 0, 128),
              Work.inTls(Kind.TLS_UP, 2, 0, 128))) {
        session.start(target, List.of(work));
        await().alias(work.toString()).until(() -> units(session) > 0);

        assertThat(session.stop()).as("%s", work).isEmpty();
      }
      session.start(target, List.of(Work.inTls(Kind.TLS_IDLE, 20, 0, 128)));
      assertThat(session.stop()).isEmpty();
    }
  }

  @Test
  void anAnswerThatIsNotTheUpstreamsIsAFault() throws IOException {
    int upstream = freePorts();
    int nobody = freePorts();
    int port = freePorts();
    InetSocketAddress target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try (LoadSession session = session(upstream);
        EndingProxy serving = proxy(port, nobody)) {
      assertThat(serving).isNotNull();
      Work work = Work.inTls(Kind.TLS_IDLE, 1, 0, 128);

      assertThatThrownBy(() -> session.start(target, List.of(work))).hasMessageContaining("503");
      session.stop();
    }
  }
}
