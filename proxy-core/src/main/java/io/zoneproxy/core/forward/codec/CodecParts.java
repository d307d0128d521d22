package io.zoneproxy.core.forward.codec;

import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.zoneproxy.core.forward.limit.FrameLimits;

/** What a codec of HTTP/2 is made of: Netty's parts, between which frames are counted. */
record CodecParts(
    Http2ConnectionDecoder decoder,
    Http2ConnectionEncoder encoder,
    Http2Settings settings,
    FrameLimits limits) {
  /**
   * Makes them.
   *
   * @param listener told of the frames of streams
   */
  static CodecParts of(boolean server, Http2Settings settings, Http2FrameListener listener) {
    Http2Connection connection = new DefaultHttp2Connection(server);
    Long streams = settings.maxConcurrentStreams();
    if (streams != null) { // from the first frame on, not only when the peer has seen it
      connection.remote().maxActiveStreams(streams.intValue());
    }
    FrameLimits limits = new FrameLimits();
    LimitedWriter writer =
        new LimitedWriter(new DefaultHttp2FrameWriter(Http2HeadersEncoder.NEVER_SENSITIVE), limits);
    Http2FrameReader reader =
        new DefaultHttp2FrameReader(
            new DefaultHttp2HeadersDecoder(true, true, HttpCodecs.MAX_HEADER_BYTES),
            HttpCodecs.MAX_SMALL_CONTINUATIONS);
    Http2ConnectionEncoder encoder = new DefaultHttp2ConnectionEncoder(connection, writer);
    Http2ConnectionDecoder decoder =
        new DefaultHttp2ConnectionDecoder(
            connection,
            encoder,
            new LimitedReader(reader, connection, limits, writer),
            Http2PromisedRequestVerifier.ALWAYS_VERIFY,
            true, // SETTINGS are answered
            true, // PING is
            true, // fields are validated
            true); // the ones that there have to be, too
    decoder.frameListener(listener);
    return new CodecParts(decoder, encoder, settings, limits);
  }
}
