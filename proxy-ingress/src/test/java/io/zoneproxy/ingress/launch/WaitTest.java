package io.zoneproxy.ingress.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code wait}, against sockets that answer what is told, one answer a connection. */
class WaitTest {
  private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
  private static final String NOT_READY = "HTTP/1.1 503 Service Unavailable\r\n\r\n";

  private static ServerSocketChannel serve(SocketAddress address, List<String> answers)
      throws IOException {
    ServerSocketChannel server =
        address instanceof UnixDomainSocketAddress
            ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
            : ServerSocketChannel.open();
    server.bind(address);
    Thread thread = new Thread(() -> answer(server, answers), "readiness");
    thread.setDaemon(true);
    thread.start();
    return server;
  }

  private static void answer(ServerSocketChannel server, List<String> answers) {
    for (String answer : answers) {
      try (SocketChannel channel = server.accept()) {
        ByteBuffer request = ByteBuffer.allocate(1024);
        while (!StandardCharsets.US_ASCII
            .decode(request.duplicate().flip())
            .toString()
            .endsWith("\r\n\r\n")) {
          channel.read(request);
        }
        channel.write(StandardCharsets.US_ASCII.encode(answer));
      } catch (IOException e) {
        return; // the test is over
      }
    }
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  @Test
  void endsWithZeroAtTheFirstStatus200() throws IOException {
    try (var server = serve(loopback(), List.of(NOT_READY, "nonsense, no HTTP", OK))) {
      int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
      String url = "http://127.0.0.1:" + port + "/ready";
      assertThat(
              Outcome.of("wait", "--url=" + url, "--check-frequency=1ms", "--request-timeout=20s"))
          .isEqualTo(
              new Outcome(
                  0,
                  url + " is ready\n",
                  "wait: " + url + " is not ready yet: status 503; asked again for 3m at most\n"));
    }
  }

  @Test
  void asksAUnixSocketToo(@TempDir Path folder) throws IOException {
    Path socket = folder.resolve("admin.sock");
    try (var server = serve(UnixDomainSocketAddress.of(socket), List.of(OK))) {
      assertThat(server.isOpen()).isTrue();
      assertThat(Outcome.of("wait", "--unix-socket=" + socket, "--request-timeout=20s"))
          .isEqualTo(new Outcome(0, "unix:" + socket + " is ready\n", ""));
    }
  }

  @Test
  void endsWithOneWhenTheTimeIsOver() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String url = "http://localhost:" + silent.getLocalPort() + "/ready";
      Outcome outcome =
          Outcome.of("wait", "--url=" + url, "--request-timeout=10ms", "--timeout=20ms");
      assertThat(outcome)
          .isEqualTo(
              new Outcome(
                  1,
                  "",
                  "ingress: wait: "
                      + url
                      + " is not ready after 20ms: no answer in time (expected: status 200)\n"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--url=http://192.0.2.1:9901/ready | --url=http://192.0.2.1:9901/ready is not on loopback",
        "--url=https://localhost/ready | --url=https://localhost/ready (expected: http://localhost",
        "--url=localhost | --url=localhost (expected: http://localhost:PORT/ready)",
        "--timeout=0 | --timeout=0s (expected: at least 1ms)",
        "--check-frequency=x | 'x' is not a duration",
      })
  void aBadFlagIsNamed(String flag, String words) {
    Outcome outcome = Outcome.of("wait", flag);
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).startsWith("ingress: ").contains(words);
  }
}
