package io.zoneproxy.core.forward.pool;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.util.ReferenceCountUtil;
import io.zoneproxy.core.forward.codec.HttpCodecs;
import io.zoneproxy.core.relay.SocketErrors;

/** A connection that speaks HTTP/2: many requests at a time. On its event loop. */
final class Http2Connection extends PooledConnection {
  private final Http2StreamChannelBootstrap streams;
  private long limit = EndpointPool.FIRST_STREAMS;
  private int active;
  private boolean served;
  private String words = "closed by the upstream";

  private Http2Connection(Channel channel, EndpointPool pool) {
    super(channel, pool);
    this.streams = new Http2StreamChannelBootstrap(channel);
  }

  static Http2Connection on(Channel channel, EndpointPool pool) {
    Http2Connection connection = new Http2Connection(channel, pool);
    HttpCodecs.addHttp2Client(channel.pipeline());
    channel.pipeline().addLast(new Http2MultiplexHandler(new Refused())).addLast(connection);
    return connection;
  }

  /** Nobody pushes to us: the settings forbid it. */
  private static final class Refused extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel pushed) {
      pushed.close();
    }
  }

  @Override
  int free() {
    return isOver() ? 0 : (int) Math.max(0, limit - active);
  }

  @Override
  int active() {
    return active;
  }

  /** Its end is announced. */
  @Override
  boolean mayBeStale() {
    return false;
  }

  @Override
  UpstreamRequest begin(ResponseListener listener) {
    Http2Request request = new Http2Request(this, listener, served);
    served = true;
    active++;
    // On the event loop of the connection it is open before this returns, or has failed.
    streams
        .handler(
            new ChannelInitializer<Http2StreamChannel>() {
              @Override
              protected void initChannel(Http2StreamChannel stream) {
                stream
                    .pipeline()
                    .addLast(new Http2StreamFrameToHttpObjectCodec(false))
                    .addLast(request);
              }
            })
        .open()
        .addListener(opened -> request.opened(opened.cause()));
    return request;
  }

  /** A stream is over. */
  void onEnd() {
    boolean full = free() == 0;
    active--;
    onIdle();
    maybeClose();
    if (full && free() > 0) {
      pool.onFree(this);
    }
  }

  Target target() {
    return pool.target();
  }

  Channel channel() {
    return channel;
  }

  /** Why it is over. */
  String words() {
    return words;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof Http2SettingsFrame frame) {
      Long streamsAtATime = frame.settings().maxConcurrentStreams();
      if (streamsAtATime != null) {
        onLimit(streamsAtATime);
      }
    } else if (message instanceof Http2GoAwayFrame) {
      retire(); // streams that it leaves out are reset by the codec
    }
    ReferenceCountUtil.release(message);
  }

  private void onLimit(long streamsAtATime) {
    boolean full = free() == 0;
    limit = streamsAtATime;
    if (full && free() > 0) {
      pool.onFree(this);
    } else if (!full && free() == 0) {
      pool.onRetired(this); // no more for now
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    words = SocketErrors.words(cause);
    channel.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    close();
    ctx.fireChannelInactive();
  }
}
