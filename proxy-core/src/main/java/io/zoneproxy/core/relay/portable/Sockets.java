package io.zoneproxy.core.relay.portable;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.zoneproxy.core.relay.End;

/** Closes channels. */
final class Sockets {
  private Sockets() {}

  /** Closes with RST, at once; what is queued is lost, and the peer knows. */
  static void reset(Channel channel) {
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    }
    // Not through the pipeline: TLS would say a last word, and the peer take it for the end.
    channel.unsafe().close(channel.newPromise());
  }

  /** Closes; one that still has something queued is reset, or a FIN would call it the whole. */
  static void close(Channel channel, End how) {
    ChannelOutboundBuffer queued = channel.unsafe().outboundBuffer();
    if (how == End.RESET || (queued != null && queued.totalPendingWriteBytes() > 0)) {
      reset(channel);
    } else {
      channel.close();
    }
  }
}
