package io.zoneproxy.bench.load.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** HTTP/1.1: one request at a time. */
final class Http1Client extends HttpClient {
  private static final String STATUS = "http/1.1 200 ";
  private static final String LENGTH = "\r\ncontent-length:";
  private static final int END = 0x0D0A0D0A; // CR LF CR LF
  private static final int END_BYTES = Integer.BYTES;

  private final ByteBuf request;
  private final int answerBytes;
  private long dueNanos;
  private boolean open;

  /**
   * Connects nothing yet.
   *
   * @param request shared by all
   * @param answerBytes length of each body
   */
  Http1Client(Owner owner, ByteBuf request, int answerBytes) {
    super(owner);
    this.request = request;
    this.answerBytes = answerBytes;
  }

  @Override
  void secured(ChannelHandlerContext ctx) {
    ready();
  }

  @Override
  void request(long due) {
    open = true;
    dueNanos = due;
    context().writeAndFlush(request.duplicate(), context().voidPromise());
  }

  @Override
  int open() {
    return open ? 1 : 0;
  }

  @Override
  int most() {
    return 1;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
      throws IOException {
    int head = headBytes(in);
    if (head == 0) {
      return;
    }
    String text =
        in.toString(in.readerIndex(), head, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
    if (!open || !text.startsWith(STATUS) || length(text) != answerBytes) {
      throw new IOException("answer: " + text.strip());
    }
    if (in.readableBytes() < head + answerBytes) {
      return;
    }
    if (!Answer.isRight(in, in.readerIndex() + head, answerBytes, 0)) {
      throw new IOException("an answer's body differs");
    }
    in.skipBytes(head + answerBytes);
    open = false;
    owner.onAnswer(this, dueNanos);
  }

  private static int length(String head) {
    int at = head.indexOf(LENGTH);
    return at < 0
        ? -1
        : Integer.parseInt(
            head.substring(at + LENGTH.length(), head.indexOf('\r', at + LENGTH.length())).strip());
  }

  /** Of the head with the empty line; 0 when that is not there yet. */
  static int headBytes(ByteBuf in) {
    int from = in.readerIndex();
    for (int at = from; at <= in.writerIndex() - END_BYTES; at++) {
      if (in.getByte(at) == '\r' && in.getInt(at) == END) {
        return at + END_BYTES - from;
      }
    }
    return 0;
  }
}
