package io.zoneproxy.core.upstream.health;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.zoneproxy.core.model.balance.HealthCheck;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The call {@code grpc.health.v1.Health/Check}. Its two messages have one field each, so they are
 * written and read here: this module knows no protobuf.
 */
final class GrpcHealth {
  private static final String PATH = "/grpc.health.v1.Health/Check";
  private static final String STATUS = "grpc-status";
  private static final String OK = "0";

  /** Length prefix of a message: a byte that says whether it is compressed, four of length. */
  private static final int PREFIX_BYTES = 5;

  /** HealthCheckRequest: field 1, a string. */
  private static final int SERVICE_TAG = (1 << 3) | 2;

  /** HealthCheckResponse: field 1, an enum, which is the only field it has. */
  private static final int STATUS_TAG = 1 << 3;

  private static final int SERVING = 1;
  private static final int VARINT_BITS = 7;
  private static final int VARINT_MORE = 1 << VARINT_BITS;

  /** The message has two bytes; one that is much longer is another one. */
  private static final int MOST_BYTES = 1024;

  private GrpcHealth() {}

  /** What is asked. */
  static FullHttpRequest request(HealthCheck.Grpc probe, String cluster) {
    ByteBuf body = message(probe.service());
    FullHttpRequest request =
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, PATH, body);
    request
        .headers()
        .set(HttpHeaderNames.HOST, probe.authority().isEmpty() ? cluster : probe.authority())
        .set(HttpHeaderNames.CONTENT_TYPE, "application/grpc")
        .set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS)
        .set(HttpHeaderNames.USER_AGENT, StatusCheck.USER_AGENT);
    return request;
  }

  private static ByteBuf message(String service) {
    byte[] name = service.getBytes(StandardCharsets.UTF_8);
    ByteBuf message = Unpooled.buffer();
    if (name.length > 0) { // "" is asked for by leaving it out: the server as a whole
      message.writeByte(SERVICE_TAG);
      int rest = name.length;
      for (; rest >= VARINT_MORE; rest >>>= VARINT_BITS) {
        message.writeByte((rest & (VARINT_MORE - 1)) | VARINT_MORE);
      }
      message.writeByte(rest).writeBytes(name);
    }
    ByteBuf prefix = Unpooled.buffer(PREFIX_BYTES).writeByte(0).writeInt(message.readableBytes());
    return Unpooled.wrappedBuffer(prefix, message);
  }

  /** Well when the call succeeds and says SERVING. */
  static final class Answer implements HttpQuestion.Judge {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public @Nullable Outcome onHead(HttpResponse head) {
      if (!head.status().equals(HttpResponseStatus.OK)) {
        return Outcome.ILL;
      }
      return head.headers().contains(STATUS) ? judge(head.headers()) : null; // an error, then
    }

    @Override
    public @Nullable Outcome onContent(HttpContent part) {
      ByteBuf content = part.content();
      if (bytes.size() + content.readableBytes() > MOST_BYTES) {
        return Outcome.ILL;
      }
      byte[] some = new byte[content.readableBytes()];
      content.getBytes(content.readerIndex(), some);
      bytes.writeBytes(some);
      return part instanceof LastHttpContent last ? judge(last.trailingHeaders()) : null;
    }

    private Outcome judge(HttpHeaders status) {
      byte[] all = bytes.toByteArray();
      boolean serving =
          all.length == PREFIX_BYTES + 2
              && all[0] == 0
              && all[PREFIX_BYTES] == STATUS_TAG
              && all[PREFIX_BYTES + 1] == SERVING;
      return OK.equals(status.get(STATUS)) && serving ? Outcome.PASSED : Outcome.ILL;
    }
  }
}
