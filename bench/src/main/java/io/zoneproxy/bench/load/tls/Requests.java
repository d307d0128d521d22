package io.zoneproxy.bench.load.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Requests as bytes, with the headers that a sidecar's have. */
final class Requests {
  private static final int STREAM = 1; // any; it is in no header block
  private static final List<Map.Entry<String, String>> HEADERS =
      List.of(
          Map.entry("user-agent", "bench/1"),
          Map.entry("accept", "*/*"),
          Map.entry("accept-encoding", "gzip, deflate"),
          Map.entry("x-forwarded-proto", "https"),
          Map.entry("x-request-id", "6d1f0d7a-3a34-4c1e-9f7c-2f5d4a0f6f10"));

  private Requests() {}

  /** An HTTP/1.1 request. */
  static ByteBuf http1(String host, int answerBytes) {
    StringBuilder text = new StringBuilder("GET /" + answerBytes + " HTTP/1.1\r\nhost: " + host);
    HEADERS.forEach(each -> text.append("\r\n" + each.getKey() + ": " + each.getValue()));
    byte[] bytes = (text + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    return Kept.of(bytes);
  }

  /**
   * The header blocks of a connection's first request, which makes the entries of the other side's
   * table, and of all further ones, which name them.
   */
  static List<ByteBuf> http2(String host, int answerBytes) {
    Http2Headers headers =
        new DefaultHttp2Headers()
            .method("GET")
            .scheme("https")
            .authority(host)
            .path("/" + answerBytes);
    HEADERS.forEach(each -> headers.add(each.getKey(), each.getValue()));
    DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    return List.of(block(encoder, headers), block(encoder, headers));
  }

  private static ByteBuf block(DefaultHttp2HeadersEncoder encoder, Http2Headers headers) {
    try {
      ByteBuf block = Unpooled.buffer();
      encoder.encodeHeaders(STREAM, headers, block);
      return Kept.of(block);
    } catch (Http2Exception e) {
      throw new IllegalStateException(e); // they are short and valid
    }
  }
}
