package io.zoneproxy.ingress.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zoneproxy.ingress.explain.Question;
import io.zoneproxy.ingress.flags.UsageException;
import io.zoneproxy.ingress.launch.Peers;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The client's side of {@code --admin}, over a Unix socket. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class AdminClientTest {
  private final Path folder;

  AdminClientTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /** Answers one request on a Unix socket with this text, and keeps what was asked. */
  private record OneAnswer(ServerSocketChannel socket, CompletableFuture<String> request)
      implements AutoCloseable {
    static OneAnswer at(Path path, String answer) throws IOException {
      ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      socket.bind(UnixDomainSocketAddress.of(path));
      CompletableFuture<String> request =
          CompletableFuture.supplyAsync(() -> serve(socket, answer));
      return new OneAnswer(socket, request);
    }

    private static String serve(ServerSocketChannel socket, String answer) {
      try (SocketChannel accepted = socket.accept()) {
        BufferedReader in =
            new BufferedReader(Channels.newReader(accepted, StandardCharsets.UTF_8));
        List<String> head = in.lines().takeWhile(line -> !line.isEmpty()).toList();
        accepted.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
        return head.get(0);
      } catch (IOException e) {
        return e.toString();
      }
    }

    String asked() throws Exception {
      return request.get(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static String http(String status, String body) {
    return "HTTP/1.1 " + status + "\r\ncontent-length: " + body.length() + "\r\n\r\n" + body;
  }

  @Test
  void asksOverAUnixSocket() throws Exception {
    Path path = folder.resolve("admin.sock");
    try (OneAnswer server = OneAnswer.at(path, http("200 OK", "it goes there\n"))) {
      AdminClient.Answer answer =
          AdminClient.of("unix:" + path).explain(Question.about("backend{mesh=default}"), "json");
      assertThat(answer).isEqualTo(new AdminClient.Answer(true, "it goes there\n"));
      assertThat(server.asked())
          .isEqualTo("GET /explain?sni=backend%7Bmesh%3Ddefault%7D&format=json HTTP/1.1");
    }
  }

  @Test
  void aRefusalIsAnAnswerToo() throws Exception {
    Path path = folder.resolve("admin.sock");
    String body = "  action    refused: NO_ROUTE\n";
    try (OneAnswer server = OneAnswer.at(path, http("200 OK\r\nx-zoneproxy-served: false", body))) {
      assertThat(AdminClient.of("unix:" + path).explain(Question.about("x"), "text"))
          .isEqualTo(new AdminClient.Answer(false, body));
      assertThat(server.asked()).contains("sni=x&format=text");
    }
  }

  @Test
  void notFoundIsAnAnswerToo() throws Exception {
    Path path = folder.resolve("admin.sock");
    try (OneAnswer server =
        OneAnswer.at(path, http("404 Not Found\r\nx-zoneproxy-served: false", "no such name\n"))) {
      assertThat(AdminClient.of("unix:" + path).explain(Question.about("x"), "text"))
          .isEqualTo(new AdminClient.Answer(false, "no such name\n"));
      assertThat(server.asked()).contains("sni=x&format=text");
    }
  }

  @Test
  void anyOtherStatusIsAnError() throws Exception {
    Path path = folder.resolve("admin.sock");
    try (OneAnswer server = OneAnswer.at(path, http("500 Oops", ""))) {
      assertThatThrownBy(() -> AdminClient.of("unix:" + path).explain(Question.about("x"), "text"))
          .isInstanceOf(UsageException.class)
          .hasMessage(
              "--admin=unix:%1$s: no answer: status 500 (expected: the admin port of a running"
                  + " proxy, http://127.0.0.1:PORT on its host; with a control plane also"
                  + " unix:WORK-DIR/kuma-envoy-admin.sock)",
              path);
      assertThat(server.asked()).isNotEmpty();
    }
  }

  @Test
  void notFoundBySomethingElseIsAnErrorThatNamesThePushedListener() throws Exception {
    Path path = folder.resolve("admin.sock");
    try (OneAnswer server = OneAnswer.at(path, http("404 Not Found", ""))) {
      assertThatThrownBy(() -> AdminClient.of("unix:" + path).explain(Question.about("x"), "text"))
          .isInstanceOf(UsageException.class)
          .hasMessageContaining("it knows no /explain")
          .hasMessageContaining("mutual TLS")
          .hasMessageContaining("unix:WORK-DIR/kuma-envoy-admin.sock");
      assertThat(server.asked()).isNotEmpty();
    }
  }

  @Test
  void whatIsNoHttpIsAnError() throws Exception {
    Path path = folder.resolve("admin.sock");
    try (OneAnswer server = OneAnswer.at(path, "\u0015\u0003\u0001\u0000\u0002\u0002\n\n")) {
      assertThatThrownBy(() -> AdminClient.of("unix:" + path).explain(Question.about("x"), "text"))
          .isInstanceOf(UsageException.class)
          .hasMessageContaining("what comes is no HTTP; behind TLS, perhaps");
      assertThat(server.asked()).isNotEmpty();
    }
  }

  @Test
  void aServerThatHangsUpIsAnError() throws Exception {
    Path path = folder.resolve("admin.sock");
    try (OneAnswer server = OneAnswer.at(path, "")) {
      assertThatThrownBy(() -> AdminClient.of("unix:" + path).explain(Question.about("x"), "text"))
          .isInstanceOf(UsageException.class)
          .hasMessageContaining("no answer: the connection was closed");
      assertThat(server.asked()).isNotEmpty();
    }
  }

  @Test
  void whereNobodyListensIsAnErrorOfOneLine() throws IOException {
    Path path = folder.resolve("nobody.sock");
    int port = Peers.freePort();
    for (String target : new String[] {"unix:" + path, "http://127.0.0.1:" + port}) {
      assertThatThrownBy(() -> AdminClient.of(target).explain(Question.about("x"), "text"))
          .isInstanceOf(UsageException.class)
          .hasMessageStartingWith("--admin=" + target + ": no answer: ")
          .hasMessageNotContaining("\n")
          .hasMessageNotContaining("Exception");
    }
    assertThat(Files.exists(path)).isFalse();
  }
}
