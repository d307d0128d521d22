package io.zoneproxy.core.forward;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.zoneproxy.core.forward.HttpUpstreams.Received;
import io.zoneproxy.core.forward.limit.RapidResets;
import io.zoneproxy.core.http.RawClient;
import io.zoneproxy.core.http.RawClient.Answer;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.balance.HttpUpstream;
import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.policy.RbacSpec;
import io.zoneproxy.core.observe.request.RequestEnd;
import io.zoneproxy.core.observe.request.RequestRecord;
import io.zoneproxy.core.relay.TestUpstream;
import io.zoneproxy.core.route.TlsSession;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Requests that are sent on over HTTP/2: a proxy in front speaks it to one behind, which speaks
 * HTTP/1.1 to the upstream.
 */
class Http2Test {
  private final HttpProxyFixture front = new HttpProxyFixture();
  private final HttpProxyFixture behind = new HttpProxyFixture();
  private final List<Received> received = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() {
    front.close();
    behind.close();
  }

  private InetSocketAddress serve(HostPort upstream) throws Exception {
    InetSocketAddress to = behind.serve(upstream);
    front.upstream =
        new HttpUpstream(
            HttpUpstream.Version.HTTP_2, Optional.empty(), Optional.empty(), Optional.empty());
    return front.serve(new HostPort("127.0.0.1", to.getPort()));
  }

  private TestUpstream echo() throws Exception {
    return new TestUpstream(
        HttpUpstreams.answering(
            request -> {
              received.add(request);
              return HttpUpstreams.ok(request.line() + " " + request.body());
            }));
  }

  @Test
  void aRequestIsAnswered() throws Exception {
    try (TestUpstream upstream = echo()) {
      InetSocketAddress address = serve(upstream.address());
      assertThat(RawClient.get(address, "/a?b=c").body()).isEqualTo("GET /a?b=c HTTP/1.1 ");
      assertThat(behind.record().protocol()).isEqualTo("HTTP/2");
      Received request = received.get(0);
      assertThat(request.has("host: x")).isTrue();
      assertThat(request.head()).doesNotContain("x-http2");
      assertThat(request.head()).doesNotContain("transfer-encoding");
    }
  }

  /** Writes everything but heads of requests. */
  private static final class Headless extends ChannelDuplexHandler {
    private static final int TYPE = 3; // of a frame, behind its length (RFC 9113 §4.1)
    private static final int HEADERS = 1;

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      ctx.fireChannelActive();
      ctx.fireUserEventTriggered(TlsSession.ESTABLISHED);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      ByteBuf bytes = (ByteBuf) message;
      if (bytes.getByte(bytes.readerIndex() + TYPE) == HEADERS) {
        bytes.release();
        promise.setFailure(new IllegalStateException("a test"));
      } else {
        ctx.write(message, promise);
      }
    }
  }

  @Test
  void whatThisProxyCannotWriteIsNoFaultOfTheUpstream() throws Exception {
    front.beginsTls = channel -> channel.pipeline().addLast(new Headless());
    try (TestUpstream upstream = echo()) {
      InetSocketAddress address = serve(upstream.address());
      assertThat(RawClient.get(address, "/").status()).isEqualTo(500);
      RequestRecord record = front.record();
      assertThat(record.end()).isEqualTo(RequestEnd.INTERNAL);
      assertThat(record.detail()).contains("IllegalStateException: a test");
      assertThat(received).isEmpty();
    }
  }

  @Test
  void bodiesAndTrailersArriveWhole() throws Exception {
    try (TestUpstream upstream = echo()) {
      InetSocketAddress address = serve(upstream.address());
      String body = "0123456789abcdef".repeat(64 * 1024);
      Answer answer =
          RawClient.ask(
              address,
              "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: " + body.length() + "\r\n\r\n" + body);
      assertThat(answer.body()).isEqualTo("POST / HTTP/1.1 " + body);
      Answer chunked =
          RawClient.ask(
              address,
              """
              POST / HTTP/1.1\r
              host: x\r
              transfer-encoding: chunked\r
              \r
              3\r
              abc\r
              0\r
              x-sum: 5\r
              \r
              """);
      assertThat(chunked.body()).isEqualTo("POST / HTTP/1.1 abc[x-sum: 5]");
    }
  }

  @Test
  void manyRequestsShareOneConnection() throws Exception {
    try (TestUpstream upstream = echo()) {
      InetSocketAddress address = serve(upstream.address());
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        RawClient client = new RawClient(address);
        client.send("GET /" + i + " HTTP/1.1\r\nhost: x\r\n\r\n");
        clients.add(client);
      }
      for (int i = 0; i < 50; i++) {
        assertThat(clients.get(i).answer().body()).isEqualTo("GET /" + i + " HTTP/1.1 ");
        clients.get(i).close();
      }
      assertThat(behind.openConnections()).isEqualTo(1);
    }
  }

  @Test
  void aResponseCutOffResetsItsStreamAndNoOther() throws Exception {
    try (TestUpstream upstream =
        new TestUpstream(
            socket -> {
              Received request = requireNonNull(HttpUpstreams.read(socket.getInputStream()));
              String all = HttpUpstreams.ok("abc");
              boolean cut = request.line().contains("/cut");
              socket
                  .getOutputStream()
                  .write((cut ? all.substring(0, all.length() - 1) : all).getBytes(US_ASCII));
              socket.shutdownOutput();
              socket.getInputStream().read();
            })) {
      InetSocketAddress address = serve(upstream.address());
      try (RawClient client = new RawClient(address)) {
        client.send("GET /cut HTTP/1.1\r\nhost: x\r\n\r\n");
        assertThat(client.head().status()).isEqualTo(200);
        assertThat(front.record().end()).isEqualTo(RequestEnd.UPSTREAM_RESET);
      }
      assertThat(RawClient.get(address, "/").body()).isEqualTo("abc");
      assertThat(behind.openConnections()).isEqualTo(1);
    }
  }

  @Test
  void aDrainLosesNoRequest() throws Exception {
    try (TestUpstream upstream = echo()) {
      InetSocketAddress address = serve(upstream.address());
      assertThat(RawClient.get(address, "/").status()).isEqualTo(200);
      behind.drain();
      for (int i = 0; i < 200; i++) {
        assertThat(RawClient.get(address, "/" + i).status()).isEqualTo(200);
      }
    }
  }

  @Test
  void anAnswerThatIsAllHeadEndsItsStreamWithIt() throws Exception {
    try (TestUpstream upstream =
            new TestUpstream(HttpUpstreams.answering(request -> HttpUpstreams.ok("")));
        RawHttp2Client client = new RawHttp2Client(front.serve(upstream.address()))) {
      client.get(1, "/");
      RawHttp2Client.Frame head = client.frameOf(1);
      assertThat(head.type()).isEqualTo(RawHttp2Client.HEADERS);
      assertThat(head.ends()).isTrue();
    }
  }

  @Test
  void anAnswerWhoseBodyIsLateIsBegunAtOnce() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    try (TestUpstream upstream =
            new TestUpstream(
                socket -> {
                  HttpUpstreams.read(socket.getInputStream());
                  socket
                      .getOutputStream()
                      .write(HttpUpstreams.ok("a").substring(0, 38).getBytes(US_ASCII));
                  awaitQuietly(seen);
                  socket.getOutputStream().write('a');
                });
        RawHttp2Client client = new RawHttp2Client(front.serve(upstream.address()))) {
      client.get(1, "/");
      assertThat(client.frameOf(1).ends()).isFalse();
      seen.countDown();
      RawHttp2Client.Frame body = client.frameOf(1);
      assertThat(body.type()).isEqualTo(RawHttp2Client.DATA);
      assertThat(body.payload()).isEqualTo("a");
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void uploadsThatAreRefusedDoNotEndTheirConnection() throws Exception {
    front.filters =
        List.of(
            new HttpFilter.Rbac(
                new RbacSpec(
                    Optional.of(new RbacSpec.Rules(RbacSpec.Action.ALLOW, List.of())),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty())),
            new HttpFilter.Router());
    try (RawHttp2Client client = new RawHttp2Client(front.serve(TestUpstream.refusing()))) {
      byte[] part = new byte[1000];
      for (int stream = 1; stream < 1000; stream += 2) {
        client.post(stream, "/");
        for (int i = 0; i < 4; i++) {
          client.data(stream, i == 3, part);
        }
        RawHttp2Client.Frame head = client.frameOf(stream);
        assertThat(head.type()).isEqualTo(RawHttp2Client.HEADERS);
      }
    }
  }

  private static final byte[] CANCEL = {0, 0, 0, 8}; // RFC 9113 §7

  /** Asks and loses patience at once; the upstream never answers. */
  private static void cancelled(RawHttp2Client client, int stream) throws Exception {
    client.get(stream, "/never");
    client.send(RawHttp2Client.RST_STREAM, 0, stream, CANCEL);
  }

  private TestUpstream patient() throws Exception {
    return new TestUpstream(
        HttpUpstreams.answering(
            request -> request.line().contains("/never") ? "" : HttpUpstreams.ok("x")));
  }

  @Test
  void callersWhoLosePatienceDoNotCostTheOthersTheirConnection() throws Exception {
    try (TestUpstream upstream = patient();
        RawHttp2Client client = new RawHttp2Client(front.serve(upstream.address()))) {
      for (int stream = 1; stream < 4 * RapidResets.LEAST_STREAMS; stream += 4) {
        cancelled(client, stream);
        client.get(stream + 2, "/");
        assertThat(client.frameOf(stream + 2).type()).isEqualTo(RawHttp2Client.HEADERS);
      }
    }
  }

  @Test
  void aFloodOfStreamsThatAreResetAtOnceEndsTheirConnection() throws Exception {
    try (TestUpstream upstream = patient();
        RawHttp2Client client = new RawHttp2Client(front.serve(upstream.address()))) {
      int last = 1 + 4 * RapidResets.LEAST_STREAMS;
      assertThatThrownBy(
              () -> {
                for (int stream = 1; stream < last; stream += 2) {
                  cancelled(client, stream);
                }
                client.frameOf(last);
              })
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(SocketTimeoutException.class);
      await().until(() -> front.openConnections() == 0);
    }
  }

  @Test
  void aCallOfGrpcIsToldInItsOwnTerms() throws Exception {
    InetSocketAddress address = serve(TestUpstream.refusing());
    try (RawClient client = new RawClient(address)) {
      client.send(
          """
          POST /s/m HTTP/1.1\r
          host: x\r
          content-type: application/grpc\r
          content-length: 0\r
          \r
          """);
      Answer head = client.head();
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("grpc-status")).isEqualTo("14");
      assertThat(head.header("grpc-message")).contains("remote%20connection%20failure");
    }
  }
}
