package io.zoneproxy.core.relay.portable;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import java.util.function.Supplier;

/** Gives each channel of a bootstrap a handler of its own. */
@ChannelHandler.Sharable
final class FirstHandler extends ChannelInitializer<Channel> {
  private final Supplier<ChannelHandler> handler;

  FirstHandler(Supplier<ChannelHandler> handler) {
    this.handler = handler;
  }

  @Override
  protected void initChannel(Channel channel) {
    channel.pipeline().addLast(handler.get());
  }
}
