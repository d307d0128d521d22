package io.zoneproxy.core.http;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;

/**
 * The handlers of one HTTP/1.1 connection.
 *
 * @param service answers
 * @param connections those it is one of
 * @param limits what a client may cost
 * @param halfClose whether we end our direction first when we end a connection; not behind TLS,
 *     which has to say so by itself
 */
record HttpPipeline(
    HttpService service, HttpConnections connections, HttpLimits limits, boolean halfClose) {
  /** Puts them at the end of a pipeline, before or after the channel became active. */
  void addTo(Channel channel) {
    HttpDecoderConfig decoder =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(HttpLimits.MAX_LINE_BYTES)
            .setMaxHeaderSize(HttpLimits.MAX_HEADER_BYTES);
    channel
        .pipeline()
        .addLast(new HttpServerCodec(decoder))
        .addLast(new BodyLimit(HttpLimits.MAX_BODY_BYTES))
        .addLast(new HttpExchange(this));
  }
}
