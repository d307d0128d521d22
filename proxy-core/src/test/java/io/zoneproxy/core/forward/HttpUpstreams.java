package io.zoneproxy.core.forward;

import io.zoneproxy.core.relay.TestUpstream;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Servers that speak HTTP/1.1 by hand. */
final class HttpUpstreams {
  private HttpUpstreams() {}

  /**
   * What a server has read.
   *
   * @param head its lines, as they came
   * @param body without chunking
   */
  record Received(String head, String body) {
    String line() {
      return head.substring(0, head.indexOf("\r\n"));
    }

    boolean has(String header) {
      return (head.toLowerCase(Locale.ROOT) + "\r\n").contains("\r\n" + header + "\r\n");
    }
  }

  /** Answers each request of a connection with what the test says, until EOF. */
  static TestUpstream.Behaviour answering(Function<Received, String> answer) {
    return socket -> {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      for (Received next = read(in); next != null; next = read(in)) {
        String text = answer.apply(next);
        if (text.isEmpty()) {
          return;
        }
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
      }
    };
  }

  static String ok(String body) {
    return "HTTP/1.1 200 OK\r\ncontent-length: " + body.length() + "\r\n\r\n" + body;
  }

  /** One request; null at the end. */
  static @Nullable Received read(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    for (String line = line(in); ; line = line(in)) {
      if (line == null) {
        return null;
      }
      if (line.isEmpty()) {
        break;
      }
      head.append(line).append("\r\n");
    }
    String lower = head.toString().toLowerCase(Locale.ROOT);
    String body = "";
    int at = lower.indexOf("\r\ncontent-length: ");
    if (lower.contains("\r\ntransfer-encoding: chunked")) {
      body = chunked(in);
    } else if (at >= 0) {
      int from = at + "\r\ncontent-length: ".length();
      int length = Integer.parseInt(lower.substring(from, lower.indexOf("\r\n", from)));
      body = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    }
    return new Received(head.toString(), body);
  }

  private static String chunked(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      int size = chunkSize(in);
      body.write(in.readNBytes(size));
      if (size > 0) {
        line(in);
        continue;
      }
      for (String trailer = line(in); trailer != null && !trailer.isEmpty(); trailer = line(in)) {
        body.write(("[" + trailer + "]").getBytes(StandardCharsets.ISO_8859_1));
      }
      return body.toString(StandardCharsets.ISO_8859_1);
    }
  }

  private static int chunkSize(InputStream in) throws IOException {
    String line = line(in);
    if (line == null) {
      throw new EOFException("within a body");
    }
    return Integer.parseInt(line, 16);
  }

  private static @Nullable String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        return null;
      }
      line.append((char) b);
    }
    return line.toString().strip();
  }
}
