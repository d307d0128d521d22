package io.zoneproxy.bench.load;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;

/** The upstream server's side of one connection: does what the requests say. */
final class UpstreamConnection implements WireOwner {
  /** Sent without a pause; then others have their turn. A few socket buffers. */
  private static final int BUDGET_BYTES = 4 * Content.MAX_CHUNK_BYTES;

  private final LoadLoop loop;
  private final Upstream upstream;
  private final RequestParser parser;
  private final Queue<Request> waiting = new ArrayDeque<>();
  private long sendPosition;
  private long sendEnd;
  private boolean closeAtEnd;
  private boolean downloading;
  private boolean uploading;
  private final BulkCheck uploaded;
  private long downloadedBytes;

  private UpstreamConnection(LoadLoop loop, Upstream upstream, byte[] hello) {
    this.loop = loop;
    this.upstream = upstream;
    this.uploaded = new BulkCheck(loop);
    this.parser = new RequestParser(hello, loop.content(), this::onRequest);
  }

  /** Serves an accepted descriptor. */
  static void open(LoadLoop loop, Upstream upstream, int descriptor, byte[] hello) {
    Wire.accepted(loop, descriptor, new UpstreamConnection(loop, upstream, hello));
  }

  /** Of a stream: bytes sent or received so far. */
  long streamBytes() {
    return uploading ? uploaded.bytes() : downloadedBytes;
  }

  @Override
  public void onReadable(Wire wire) throws IOException {
    do {
      int bytes = uploading ? uploaded.take(wire) : takeRequests(wire);
      if (bytes < 0) {
        onEnd(wire);
        return;
      }
    } while (!wire.drained());
    pump(wire);
  }

  private int takeRequests(Wire wire) throws IOException {
    int bytes = wire.receive();
    if (bytes > 0) {
      int taken = parser.take(loop.received(), bytes);
      uploaded.look(taken, bytes - taken); // what follows an UPLOAD in the same piece
    }
    return bytes;
  }

  /** The client's FIN. */
  private void onEnd(Wire wire) {
    boolean midway = sendPosition < sendEnd || !waiting.isEmpty() || downloading;
    if (!uploading && (midway || !parser.atBoundary())) {
      loop.faults().add("upstream: FIN in the middle of a request or an answer");
    }
    wire.close();
  }

  private void onRequest(Request request) {
    switch (request.kind()) {
      case ANSWER, ANSWER_AND_CLOSE -> waiting.add(request);
      case DOWNLOAD -> {
        downloading = true;
        upstream.add(request.stream(), this);
      }
      case STOP -> {
        downloading = false;
        closeAtEnd = true;
      }
      case UPLOAD -> {
        uploading = true;
        upstream.add(request.stream(), this);
      }
    }
  }

  @Override
  public void onWritable(Wire wire) throws IOException {
    pump(wire);
  }

  /** Sends what there is to send until it is sent, there is no room, or the budget is used up. */
  private void pump(Wire wire) throws IOException {
    int budget = BUDGET_BYTES;
    while (budget > 0 && maybeNext()) {
      int bytes = (int) Math.min(Content.MAX_CHUNK_BYTES, left());
      int sent = wire.send(loop.content().address(sendPosition), bytes);
      sendPosition += sent;
      budget -= sent;
      downloadedBytes += downloading ? sent : 0;
      if (sent < bytes) {
        return; // an event will say when there is room
      }
    }
    if (budget <= 0) {
      wire.continueLater();
    } else if (closeAtEnd) {
      closeAtEnd = false;
      wire.finish();
    }
  }

  private long left() {
    return downloading ? Long.MAX_VALUE : sendEnd - sendPosition;
  }

  /** Whether there is something to send; begins with the next answer when one is done. */
  private boolean maybeNext() {
    if (downloading || sendPosition < sendEnd) {
      return true;
    }
    Request next = waiting.poll();
    if (next == null) {
      return false;
    }
    sendPosition = 0;
    sendEnd = next.bytes();
    closeAtEnd = next.kind() == Request.Kind.ANSWER_AND_CLOSE;
    return sendEnd > 0;
  }

  @Override
  public void onFailed(Wire wire, IOException cause) {
    loop.faults().add("upstream: " + cause.getMessage());
  }
}
