package io.zoneproxy.core.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** An HTTP client that sends exactly what it is told. */
public final class RawClient implements AutoCloseable {
  private final Socket socket = new Socket();
  private final InputStream in;

  public RawClient(InetSocketAddress address) throws IOException {
    socket.connect(address);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(20_000); // a hanging server fails the test, not the build
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** A response. */
  public record Answer(int status, Map<String, String> headers, String body) {
    /** "" when it is not there. */
    public String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /** One request on a connection of its own. */
  public static Answer ask(InetSocketAddress address, String request) throws IOException {
    try (RawClient client = new RawClient(address)) {
      client.send(request);
      return client.answer();
    }
  }

  public static Answer get(InetSocketAddress address, String uri) throws IOException {
    return ask(address, "GET " + uri + " HTTP/1.1\r\nhost: x\r\n\r\n");
  }

  public void send(String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Ends our direction, as {@code nc} does at the end of its input. */
  public void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** Reads one response with its body. */
  public Answer answer() throws IOException {
    Answer head = head();
    int length = Integer.parseInt(head.header("content-length"));
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new IOException("body cut after " + body.length + " of " + length);
    }
    return new Answer(head.status, head.headers, new String(body, StandardCharsets.UTF_8));
  }

  /** Reads one response that has no body, whatever its length says. */
  public Answer head() throws IOException {
    String[] status = line().split(" ", 3);
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      String[] parts = line.split(": ", 2);
      headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1]);
    }
    return new Answer(Integer.parseInt(status[1]), headers, "");
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("closed after: " + line);
      }
      line.append((char) b);
    }
    return line.toString().strip();
  }

  /** Waits for the server to close, orderly or not. */
  public boolean isClosed() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true;
    }
  }

  /** Looks whether the server has closed, for at most some milliseconds. */
  public boolean isClosedWithin(int millis) throws IOException {
    socket.setSoTimeout(millis);
    return isClosed();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
