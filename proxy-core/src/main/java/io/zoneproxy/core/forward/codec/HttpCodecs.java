package io.zoneproxy.core.forward.codec;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Settings;

/** Makes codecs. */
public final class HttpCodecs {
  /** Header fields of a message, all together: Envoy's 60 KiB. */
  public static final int MAX_HEADER_BYTES = 60 * 1024;

  /** Header fields of a message, as in Envoy. */
  public static final int MAX_HEADERS = 100;

  /** The first line; a path counts among the 60 KiB of Envoy's headers. */
  static final int MAX_LINE_BYTES = MAX_HEADER_BYTES;

  /** A part of a body as it is handed on: what one read brings. */
  private static final int MAX_CHUNK_BYTES = 64 * 1024;

  /**
   * Interim responses (1xx) before the one that counts: one each 20 s, as WebDAV says "not yet",
   * makes half an hour; of hints there are a few.
   */
  public static final int MAX_INTERIM = 100;

  /** What is wrong with more. */
  public static final String TOO_MANY_INTERIM =
      "more than " + MAX_INTERIM + " interim responses (1xx)";

  /** Requests of one connection at a time; RFC 9113 §6.5.2 wants no less. */
  public static final int MAX_STREAMS = 100;

  /** Of one request's body what may be on its way: 10 Gbit/s over 0.2 ms, 20 Mbit/s over 0.1 s. */
  private static final int STREAM_WINDOW_BYTES = 256 * 1024;

  /** The same of all of a connection. */
  private static final int CONNECTION_WINDOW_BYTES = 1024 * 1024;

  private static final int DEFAULT_WINDOW_BYTES = 65_535; // RFC 9113 §6.9.2

  /** Resets that a peer provokes (CVE-2025-8671): Netty's own limit for servers. */
  static final int MAX_RESETS = 200;

  static final int RESET_SECONDS = 30;

  /** CONTINUATION (CVE-2024-27316): Netty's own limit. */
  static final int MAX_SMALL_CONTINUATIONS = 16;

  /**
   * Answers to PING and SETTINGS, and resets, that a peer does not read (CVE-2019-9512, 9515):
   * Envoy's limit.
   */
  static final int MAX_QUEUED_CONTROL = 1_000;

  private HttpCodecs() {}

  /** For a downstream that speaks HTTP/1.1. */
  public static HttpServerCodec http1Server() {
    return new HttpServerCodec(strict());
  }

  /** For an upstream that speaks HTTP/1.1. */
  public static HttpClientCodec http1Client() {
    return new HttpClientCodec(strict(), false, false);
  }

  private static HttpDecoderConfig strict() {
    return new HttpDecoderConfig()
        .setMaxInitialLineLength(MAX_LINE_BYTES)
        .setMaxHeaderSize(MAX_HEADER_BYTES)
        .setMaxChunkSize(MAX_CHUNK_BYTES)
        .setValidateHeaders(true)
        .setStrictLineParsing(true)
        .setUseRfc9112TransferEncoding(true)
        .setAllowDuplicateContentLengths(false);
  }

  /**
   * Adds the codec for a downstream that speaks HTTP/2.
   *
   * @param listener told of the frames of streams
   */
  public static Http2Server addHttp2Server(ChannelPipeline pipeline, Http2FrameListener listener) {
    return add(
        pipeline, Http2Server.tellingOf(listener, settings().maxConcurrentStreams(MAX_STREAMS)));
  }

  /**
   * Adds the codec for an upstream that speaks HTTP/2.
   *
   * @param listener told of the frames of streams
   */
  public static Http2Client addHttp2Client(
      ChannelPipeline pipeline, Http2Client.Listener listener) {
    return add(pipeline, Http2Client.tellingOf(listener, settings().pushEnabled(false)));
  }

  private static Http2Settings settings() {
    return Http2Settings.defaultSettings()
        .initialWindowSize(STREAM_WINDOW_BYTES)
        .maxHeaderListSize(MAX_HEADER_BYTES);
  }

  private static <T extends Http2ConnectionHandler> T add(ChannelPipeline pipeline, T codec) {
    pipeline.addLast(codec);
    widen(codec, pipeline.context(codec));
    return codec;
  }

  /** The window of the connection is no setting: it begins at 64 KiB and is told to be more. */
  private static void widen(Http2ConnectionHandler codec, ChannelHandlerContext ctx) {
    try {
      codec
          .connection()
          .local()
          .flowController()
          .incrementWindowSize(
              codec.connection().connectionStream(),
              CONNECTION_WINDOW_BYTES - DEFAULT_WINDOW_BYTES);
      ctx.flush();
    } catch (Http2Exception e) {
      throw new IllegalStateException("the window of a new connection", e); // it has one
    }
  }
}
