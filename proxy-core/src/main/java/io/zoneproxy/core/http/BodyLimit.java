package io.zoneproxy.core.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpContentException;

/**
 * Puts a request and its body together. One with too long a body is passed on as a broken request,
 * so that it is answered in its turn like any other; the aggregator itself would answer at once,
 * before the requests that were sent ahead of it.
 */
final class BodyLimit extends HttpObjectAggregator {
  BodyLimit(int maxBytes) {
    // true: who asks first ("Expect: 100-continue") and is told no gets the connection closed
    super(maxBytes, true);
  }

  @Override
  protected void handleOversizedMessage(ChannelHandlerContext ctx, HttpMessage oversized) {
    FullHttpRequest request =
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/too-long");
    request.setDecoderResult(
        DecoderResult.failure(
            new TooLongHttpContentException("body over " + maxContentLength() + " bytes")));
    ctx.fireChannelRead(request);
  }
}
