package io.zoneproxy.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Cuts what the upstream server receives: the ClientHello, compared byte by byte, then requests and
 * their padding. After an UPLOAD the rest is the server's.
 */
final class RequestParser {
  private final byte[] hello;
  private final Content content;
  private final Consumer<Request> requests;
  private final ByteBuffer header = ByteBuffer.allocate(Request.HEADER_BYTES);
  private int helloSeen;
  private int paddingBytes;
  private int paddingSeen;
  private boolean upload;

  /**
   * Begins a connection.
   *
   * @param hello that it must begin with
   * @param requests told of each header when its padding is there too
   */
  RequestParser(byte[] hello, Content content, Consumer<Request> requests) {
    this.hello = hello;
    this.content = content;
    this.requests = requests;
  }

  /** Whether nothing is half read: a connection may end here. */
  boolean atBoundary() {
    return helloSeen == hello.length && header.position() == 0;
  }

  /**
   * Takes bytes.
   *
   * @return how many were taken: all, but after an UPLOAD
   * @throws IOException when the bytes are not what was sent
   */
  int take(ByteBuffer in, int bytes) throws IOException {
    int at = takeHello(in, bytes);
    while (at < bytes && !upload) {
      at = header.hasRemaining() ? takeHeader(in, at, bytes) : takePadding(in, at, bytes);
    }
    return at;
  }

  private int takeHello(ByteBuffer in, int bytes) throws IOException {
    int at = 0;
    while (at < bytes && helloSeen < hello.length) {
      if (in.get(at++) != hello[helloSeen++]) {
        throw new IOException("the ClientHello differs at byte " + (helloSeen - 1));
      }
    }
    return at;
  }

  private int takeHeader(ByteBuffer in, int from, int end) {
    int length = Math.min(header.remaining(), end - from);
    header.put(in.slice(from, length));
    if (!header.hasRemaining()) {
      paddingBytes = Request.decode(header.flip()).paddingBytes();
      header.position(header.limit());
      paddingSeen = 0;
      maybeGive();
    }
    return from + length;
  }

  private int takePadding(ByteBuffer in, int from, int end) throws IOException {
    int length = Math.min(paddingBytes - paddingSeen, end - from);
    if (!content.equal(in, from, length, paddingSeen)) {
      throw new IOException("a request's padding differs behind byte " + paddingSeen);
    }
    paddingSeen += length;
    maybeGive();
    return from + length;
  }

  private void maybeGive() {
    if (paddingSeen == paddingBytes) {
      Request request = Request.decode(header.flip());
      header.clear();
      upload = request.kind() == Request.Kind.UPLOAD;
      requests.accept(request);
    }
  }
}
