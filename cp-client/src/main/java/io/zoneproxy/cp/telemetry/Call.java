package io.zoneproxy.cp.telemetry;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** A call of gRPC with one message each way, as HTTP has it. */
final class Call {
  /** Before a message: whether it is compressed, and its length in four bytes. */
  private static final int PREFIX = 1 + Integer.BYTES;

  private static final int OK = 200;

  private Call() {}

  /**
   * Gives a request the headers of a call.
   *
   * @param authority as others do it, the name of the cluster
   */
  static void headers(HttpHeaders to, String authority) {
    to.set(HttpHeaderNames.HOST, authority);
    to.set(HttpHeaderNames.CONTENT_TYPE, "application/grpc");
    to.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS);
  }

  /** The message, with what stands before it. */
  static byte[] body(MessageLite message) {
    int size = message.getSerializedSize();
    byte[] body = new byte[PREFIX + size];
    ByteBuffer.wrap(body).putInt(1, size);
    CodedOutputStream out = CodedOutputStream.newInstance(body, PREFIX, size);
    try {
      message.writeTo(out);
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // there is room for all of it
    }
    return body;
  }

  /** Whether the call has succeeded. */
  static boolean succeeded(int status, HttpHeaders last) {
    return status == OK && "0".equals(last.get("grpc-status"));
  }
}
