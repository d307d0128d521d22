package io.zoneproxy.core.upstream.tunnel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.zoneproxy.core.config.outbound.OutboundProxy;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.relay.TestUpstream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a proxy answers to CONNECT is known at the end of its head. */
final class AskingTest {
  private static final long LONG_SECONDS = 20;

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final CompletableFuture<Tunnel.Failure> failed = new CompletableFuture<>();
  private final CompletableFuture<String> heard = new CompletableFuture<>();
  private final CountDownLatch done = new CountDownLatch(1);

  @AfterEach
  void stop() {
    done.countDown();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /** Hears what the endpoint says, which ends with a dot. */
  private final class Hearing extends SimpleChannelInboundHandler<ByteBuf> {
    private final StringBuilder said = new StringBuilder();

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
      said.append(bytes.toString(US_ASCII));
      if (said.toString().endsWith(".")) {
        heard.complete(said.toString());
      }
    }
  }

  private final class Ways implements Tunnel.Outcome {
    @Override
    public void onOpen(Channel channel) {
      channel.pipeline().addLast(new Hearing());
    }

    @Override
    public void onFailed(Channel channel, Tunnel.Failure failure) {
      failed.complete(failure);
      channel.close();
    }
  }

  private void ask(TestUpstream proxy) {
    HostPort at = proxy.address();
    Tunnel tunnel =
        new Tunnel(new OutboundProxy(at, Optional.empty()), new HostPort("db.invalid", 5432));
    InetSocketAddress address = new InetSocketAddress(at.host(), at.port());
    tunnel.dial(
        new Bootstrap()
            .group(loops)
            .channel(NioSocketChannel.class)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel fresh) {
                    tunnel.install(fresh, address, Duration.ZERO, new Ways());
                  }
                }));
  }

  private static String request(Socket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    for (String line = TestUpstream.readLine(socket);
        !line.isBlank();
        line = TestUpstream.readLine(socket)) {
      head.append(line.strip()).append('|');
    }
    return head.toString();
  }

  private TestUpstream proxy(String... answer) throws IOException {
    return new TestUpstream(
        socket -> {
          assertThat(request(socket))
              .isEqualTo("CONNECT db.invalid:5432 HTTP/1.1|host: db.invalid:5432|");
          OutputStream out = socket.getOutputStream();
          for (String part : answer) {
            out.write(part.getBytes(US_ASCII));
            out.flush();
          }
          awaitQuietly();
        });
  }

  private void awaitQuietly() {
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 403 No\r\ncontent-length: 1000000\r\n\r\nthe begin of a page",
        "HTTP/1.1 403 No\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 403 No\r\n\r\nuntil it closes",
        "HTTP/1.1 100 Go on\r\n\r\nHTTP/1.1 403 No\r\ncontent-length: 9\r\n\r\n"
      })
  void aRefusalIsKnownWithoutItsBody(String answer) throws Exception {
    try (TestUpstream proxy = proxy(answer)) {
      ask(proxy);
      assertThat(failed.get(LONG_SECONDS, TimeUnit.SECONDS).words())
          .endsWith("answered 403 (it does not allow this)");
      assertThat(proxy.failures).isEmpty();
    }
  }

  @Test
  void aRefusalWhoseBodyNeverEndsIsOverAtOnce() throws Exception {
    byte[] some = new byte[64 * 1024];
    try (TestUpstream proxy =
        new TestUpstream(
            socket -> {
              request(socket);
              OutputStream out = socket.getOutputStream();
              out.write("HTTP/1.1 302 Pay here\r\n\r\n".getBytes(US_ASCII));
              while (true) {
                out.write(some);
              }
            })) {
      ask(proxy);
      assertThat(failed.get(LONG_SECONDS, TimeUnit.SECONDS).words())
          .endsWith("answered 302 (expected: 2xx)");
    }
  }

  /** RFC 9110 §9.3.6: whatever its length is said to be, there is no body in it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.0 200 Connection established\r\n\r\n",
        "HTTP/1.1 201 Created\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n",
        "HTTP/1.1 204 None\r\ntransfer-encoding: chunked\r\n\r\n",
        "HTTP/1.1 100 Go on\r\n\r\nHTTP/1.1 299 Well\r\n\r\n"
      })
  void anyStatusOfSuccessIsAWay(String answer) throws Exception {
    try (TestUpstream proxy = proxy(answer + "from ", "the endpoint.")) {
      ask(proxy);
      assertThat(heard.get(LONG_SECONDS, TimeUnit.SECONDS)).isEqualTo("from the endpoint.");
      assertThat(proxy.failures).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SSH-2.0-x\r\n\r\n", "HTTP/1.1 abc\r\n\r\n"})
  void whatIsNoHttpIsSaid(String answer) throws Exception {
    try (TestUpstream proxy = proxy(answer)) {
      ask(proxy);
      assertThat(failed.get(LONG_SECONDS, TimeUnit.SECONDS).words()).endsWith("no answer of HTTP");
    }
  }
}
