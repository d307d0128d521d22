package io.zoneproxy.ingress.inspect;

import io.zoneproxy.core.config.yaml.Shown;
import io.zoneproxy.ingress.flags.UsageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks for readiness on this machine, over TCP or a Unix socket, and looks at the status only. */
final class Probe {
  private static final String EXPECTED = " (expected: http://localhost:PORT/ready)";
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})[ \r]");

  /** {@code HTTP/1.1 200} and one more: all that is read of an answer. */
  private static final int STATUS_BYTES = 13;

  private static final int DEFAULT_PORT = 80;

  private final String target;
  private final SocketAddress address;
  private final String path;

  private Probe(String target, SocketAddress address, String path) {
    this.target = target;
    this.address = address;
    this.path = path;
  }

  /** A socket's {@code /ready}. */
  static Probe unix(String socket) {
    try {
      return new Probe("unix:" + socket, UnixDomainSocketAddress.of(socket), "/ready");
    } catch (InvalidPathException e) {
      throw new UsageException(
          "--unix-socket=" + Shown.text(socket) + ": is no path (expected: one of a socket)");
    }
  }

  /**
   * A URL's path.
   *
   * @throws UsageException when it is none, or its host is not this machine
   */
  static Probe http(String url) {
    try {
      URI uri = URI.create(url);
      if (!"http".equals(uri.getScheme()) || uri.getHost() == null) {
        throw new UsageException("--url=" + url + EXPECTED);
      }
      InetAddress host = InetAddress.getByName(uri.getHost());
      if (!host.isLoopbackAddress()) {
        throw new UsageException("--url=" + url + " is not on loopback" + EXPECTED);
      }
      int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
      String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
      return new Probe(url, new InetSocketAddress(host, port), path);
    } catch (IllegalArgumentException | UnknownHostException e) {
      throw new UsageException("--url=" + url + EXPECTED);
    }
  }

  @Override
  public String toString() {
    return target;
  }

  /**
   * One request; the HTTP status.
   *
   * @throws IOException when there is no answer in time, or no HTTP
   */
  int status(Duration timeout) throws IOException {
    long end = System.nanoTime() + timeout.toNanos();
    try (Selector selector = Selector.open();
        SocketChannel channel = open()) {
      channel.configureBlocking(false);
      SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
      if (!channel.connect(address)) {
        await(selector, end);
        channel.finishConnect();
      }
      // A request this short fits any socket's buffer.
      channel.write(StandardCharsets.US_ASCII.encode(request()));
      key.interestOps(SelectionKey.OP_READ);
      ByteBuffer answer = ByteBuffer.allocate(STATUS_BYTES);
      while (answer.hasRemaining()) {
        await(selector, end);
        if (channel.read(answer) < 0) {
          break;
        }
      }
      return status(answer.flip());
    }
  }

  private SocketChannel open() throws IOException {
    return address instanceof UnixDomainSocketAddress
        ? SocketChannel.open(StandardProtocolFamily.UNIX)
        : SocketChannel.open();
  }

  private String request() {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  }

  private static void await(Selector selector, long end) throws IOException {
    long millis = Duration.ofNanos(end - System.nanoTime()).toMillis();
    if (millis <= 0 || selector.select(millis) == 0) {
      throw new IOException("no answer in time");
    }
    selector.selectedKeys().clear();
  }

  private static int status(ByteBuffer answer) throws IOException {
    Matcher status = STATUS.matcher(StandardCharsets.US_ASCII.decode(answer));
    if (!status.lookingAt()) {
      throw new IOException("the answer is no HTTP");
    }
    return Integer.parseInt(status.group(1));
  }
}
