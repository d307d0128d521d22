package io.zoneproxy.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What strangers and careless clients send to a port. */
class HttpPortTest {
  /** The codec takes 128 at once, and how many come at once is not ours to say. */
  private static final int MANY = 100;

  private static final String READY = "GET /ready HTTP/1.1\r\nhost: x\r\n\r\n";
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final int BIG_BODY = 4 * 1024 * 1024;

  private final List<AutoCloseable> open = new ArrayList<>();
  private final AtomicInteger handled = new AtomicInteger();
  private final AtomicInteger bigAnswers = new AtomicInteger();

  @AfterEach
  void closeAll() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  @Test
  void oneByteAtATimeGivesTheSameAnswer() throws Exception {
    RawClient client = client(start());
    String request =
        "POST /n HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\nabc" + READY.replace("ready", "n");
    for (int i = 0; i < request.length(); i++) {
      client.send(request.substring(i, i + 1));
    }
    assertThat(client.answer().body()).isEqualTo("1 POST /n");
    assertThat(client.answer().body()).isEqualTo("2 GET /n");
  }

  @Test
  void everyCutOfARequestGivesTheSameAnswer() throws Exception {
    InetSocketAddress address = start();
    RawClient client = client(address);
    for (int cut = 1; cut < READY.length(); cut++) {
      client.send(READY.substring(0, cut));
      client.send(READY.substring(cut));
      assertThat(client.answer().body()).isEqualTo(cut + " GET /ready");
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws Exception {
    RawClient client = client(start());
    StringBuilder requests = new StringBuilder();
    for (int i = 1; i <= MANY; i++) {
      requests.append("GET /").append(i).append(" HTTP/1.1\r\nhost: x\r\n\r\n");
    }
    client.send(requests.toString());
    for (int i = 1; i <= MANY; i++) {
      assertThat(client.answer().body()).isEqualTo(i + " GET /" + i);
    }
  }

  @Test
  void whoDoesNotReadGetsNoMoreAnswersMade() throws Exception {
    InetSocketAddress address = start();
    RawClient client = client(address);
    client.send("GET /big HTTP/1.1\r\nhost: x\r\n\r\n".repeat(MANY));
    await().until(() -> handled.get() > 0);
    for (int i = 0; i < 20; i++) { // the loop has had its turns, and others are served
      assertThat(RawClient.get(address, "/ready").status()).isEqualTo(200);
    }
    // 4 MiB each: what fits in the sockets' buffers may have been answered, not 400 MiB.
    assertThat(bigAnswers.get()).isLessThan(20);
    for (int i = 0; i < 5; i++) {
      assertThat(client.answer().body()).hasSize(BIG_BODY);
    }
  }

  @Test
  void connectionCloseEndsTheConnectionAndWhatIsBehindIt() throws Exception {
    RawClient client = client(start());
    client.send("GET /1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n" + READY);
    RawClient.Answer answer = client.answer();

    assertThat(answer.header("connection")).isEqualTo("close");
    assertThat(client.isClosed()).isTrue();
    assertThat(handled).hasValue(1);
  }

  @Test
  void http10IsClosedUnlessItAsksForMore() throws Exception {
    InetSocketAddress address = start();
    RawClient once = client(address);
    once.send("GET /ready HTTP/1.0\r\n\r\n");
    assertThat(once.answer().status()).isEqualTo(200);
    assertThat(once.isClosed()).isTrue();

    RawClient again = client(address);
    String request = "GET /ready HTTP/1.0\r\nconnection: keep-alive\r\n\r\n";
    again.send(request);
    assertThat(again.answer().header("connection")).isEqualTo("keep-alive");
    again.send(request);
    assertThat(again.answer().status()).isEqualTo(200);
  }

  @Test
  void aRequestFollowedByFinIsAnswered() throws Exception {
    RawClient client = client(start());
    client.send(READY);
    client.endOutput();

    assertThat(client.answer().status()).isEqualTo(200);
    assertThat(client.isClosed()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /ready HTTP/1.1\r\n",
        "GET /ready HTTP/1.1\r\nhost: x\r\nhost: x\r\n",
        "GET /ready HTTP/1.1\r\nhost: x\r\nHost: y\r\n",
        "GET /ready HTTP/1.1\r\nhost: x y\r\n",
        "GET /ready HTTP/1.0\r\nhost: x\r\nhost: y\r\n"
      })
  void oneHostIsWanted(String head) throws Exception {
    expectRefusal(start(), head + "\r\n", 400);
  }

  @Test
  void tooLongAUriIs414() throws Exception {
    expectRefusal(
        start(), "GET /" + "a".repeat(HttpLimits.MAX_LINE_BYTES) + " HTTP/1.1\r\n\r\n", 414);
  }

  @Test
  void tooLongHeadersAre431() throws Exception {
    String headers = ("a: " + "b".repeat(1000) + "\r\n").repeat(9);
    expectRefusal(start(), "GET /ready HTTP/1.1\r\n" + headers + "\r\n", 431);
  }

  @Test
  void headersWithoutEndAre431() throws Exception {
    expectRefusal(start(), "GET /ready HTTP/1.1\r\na: " + "b".repeat(100_000), 431);
  }

  @Test
  void tooLongABodyIs413() throws Exception {
    int length = HttpLimits.MAX_BODY_BYTES + 1;
    expectRefusal(
        start(),
        "POST /x HTTP/1.1\r\nhost: x\r\ncontent-length: "
            + length
            + "\r\n\r\n"
            + "b".repeat(length),
        413);
  }

  @Test
  void aBodyOfUnknownLengthIsBoundedToo() throws Exception {
    String chunk = "4000\r\n" + "b".repeat(0x4000) + "\r\n";
    expectRefusal(
        start(),
        "POST /x HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n" + chunk.repeat(5),
        413);
  }

  @Test
  void theLongestBodyIsTaken() throws Exception {
    int length = HttpLimits.MAX_BODY_BYTES;
    RawClient client = client(start());
    client.send(
        "POST /x HTTP/1.1\r\nhost: x\r\ncontent-length: "
            + length
            + "\r\n\r\n"
            + "b".repeat(length));

    assertThat(client.answer().body()).isEqualTo("1 POST /x");
  }

  @Test
  void anAnnouncedBodyIsToldToComeOrNot() throws Exception {
    InetSocketAddress address = start();
    RawClient fits = client(address);
    fits.send("POST /x HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\nexpect: 100-continue\r\n\r\n");
    assertThat(fits.head().status()).isEqualTo(100);
    fits.send("ab");
    assertThat(fits.answer().body()).isEqualTo("1 POST /x");

    RawClient tooLong = client(address);
    tooLong.send(
        "POST /x HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999\r\nexpect: 100-continue\r\n\r\n");
    assertThat(tooLong.head().status()).isEqualTo(413);
    assertThat(tooLong.isClosed()).isTrue();
  }

  @Test
  void whatIsNotHttpIs400() throws Exception {
    InetSocketAddress address = start();
    expectRefusal(address, "\u0016\u0003\u0001\u0000\u0005hello\r\n\r\n", 400);
    expectRefusal(address, "GET /ready HTTP/1.1\r\nno colon\r\n\r\n", 400);
    expectRefusal(address, "GET /ready HTTP/1.1\r\ncontent-length: -1\r\n\r\n", 400);
    expectRefusal(
        address, "POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab", 400);
  }

  @Test
  void aBadRequestIsAnsweredAfterTheGoodOnesBeforeIt() throws Exception {
    int length = HttpLimits.MAX_BODY_BYTES + 1;
    RawClient client = client(start());
    client.send(
        READY + READY + "POST /x HTTP/1.1\r\nhost: x\r\ncontent-length: " + length + "\r\n\r\n");

    assertThat(client.answer().body()).isEqualTo("1 GET /ready");
    assertThat(client.answer().body()).isEqualTo("2 GET /ready");
    assertThat(client.answer().status()).isEqualTo(413);
    assertThat(client.isClosed()).isTrue();
  }

  @Test
  void aTricklingClientIsCutAllTheSame() throws Exception {
    HttpLimits limits = new HttpLimits(64, Duration.ofMillis(300), Duration.ofSeconds(1));
    RawClient client = client(start(limits));
    client.send("GET /ready HTTP/1.1\r\nhost: x\r\n");
    await()
        .until(
            () -> {
              try {
                client.send("a: b\r\n");
              } catch (IOException closed) {
                return true;
              }
              return client.isClosedWithin(50);
            });
    assertThat(handled).hasValue(0);
  }

  @Test
  void anIdleConnectionIsClosed() throws Exception {
    HttpLimits limits = new HttpLimits(64, Duration.ofSeconds(1), Duration.ofSeconds(1));
    InetSocketAddress address = start(limits);
    RawClient silent = client(address);
    RawClient used = client(address);
    used.send(READY);
    assertThat(used.answer().status()).isEqualTo(200);

    assertThat(silent.isClosed()).isTrue();
    assertThat(used.isClosed()).isTrue();
  }

  @Test
  void oneConnectionTooManyClosesTheOneThatWasQuietLongest() throws Exception {
    InetSocketAddress address = start(new HttpLimits(3, LONG, Duration.ofSeconds(1)));
    RawClient first = client(address);
    first.send(READY);
    first.answer();
    RawClient second = client(address);
    second.send(READY);
    second.answer();
    RawClient third = client(address);
    third.send(READY);
    third.answer();
    first.send(READY); // now the second one was quiet longest
    first.answer();

    assertThat(RawClient.get(address, "/ready").status()).isEqualTo(200);
    assertThat(second.isClosed()).isTrue();
    first.send(READY);
    assertThat(first.answer().status()).isEqualTo(200);
    third.send(READY);
    assertThat(third.answer().status()).isEqualTo(200);
  }

  @Test
  void connectionsThatHaveEndedCountNoMore() throws Exception {
    InetSocketAddress address = start(new HttpLimits(2, LONG, Duration.ofMillis(10)));
    RawClient steady = client(address);
    for (int i = 0; i < 30; i++) {
      try (RawClient other = new RawClient(address)) {
        other.send("GET /ready HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        other.answer();
        assertThat(other.isClosed()).isTrue();
      }
      steady.send(READY);
      assertThat(steady.answer().status()).isEqualTo(200);
    }
  }

  private void expectRefusal(InetSocketAddress address, String request, int status)
      throws IOException {
    RawClient client = client(address);
    client.send(request);
    RawClient.Answer answer = client.answer();

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("connection")).isEqualTo("close");
    assertThat(client.isClosed()).isTrue();
    assertThat(handled).hasValue(0);
  }

  private InetSocketAddress start() throws IOException {
    return start(new HttpLimits(64, LONG, Duration.ofSeconds(1)));
  }

  private InetSocketAddress start(HttpLimits limits) throws IOException {
    ControlLoop control = ControlLoop.nio();
    open.add(control);
    HttpPort port = new HttpPort("test port", "a test", control.loop(), this::answer, limits);
    open.add(port::close);
    port.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return port.address();
  }

  private CompletionStage<Answer> answer(Request request) {
    int count = handled.incrementAndGet();
    if (request.uri().equals("/big")) {
      bigAnswers.incrementAndGet();
      return page("x".repeat(BIG_BODY));
    }
    return page(count + " " + request.method() + " " + request.uri());
  }

  private static CompletionStage<Answer> page(String body) {
    return CompletableFuture.completedFuture(Answer.text(200, body));
  }

  private RawClient client(InetSocketAddress address) throws IOException {
    RawClient client = new RawClient(address);
    open.add(client);
    return client;
  }
}
