package io.zoneproxy.bench.load.tls;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.zoneproxy.bench.load.LoadLoop;
import java.net.InetSocketAddress;

/**
 * Where TLS drivers work.
 *
 * @param loop the one thread
 * @param proxy the port that its others are told by
 * @param clients certificates of the callers
 * @param upstream behind the proxy
 */
public record TlsSite(
    LoadLoop loop, InetSocketAddress proxy, ClientContexts clients, TlsUpstream upstream) {
  private static final int CONNECT_MILLIS = 20_000; // a proxy may be busy with thousands

  /**
   * Begins to connect.
   *
   * @param port of {@link Ports}
   * @param handler gets what is in the TLS
   */
  void connect(int port, Certificates.KeyKind key, boolean http2, ChannelHandler handler) {
    InetSocketAddress to = new InetSocketAddress(proxy.getAddress(), proxy.getPort() + port);
    new Bootstrap()
        .group(loop.events())
        .channel(EpollSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                SslHandler tls = clients.handler(key, http2, channel.alloc());
                tls.setHandshakeTimeoutMillis(CONNECT_MILLIS);
                channel.pipeline().addLast(tls, handler);
              }
            })
        .connect(to)
        .addListener(
            connected -> {
              if (!connected.isSuccess()) {
                loop.faults().add("connect: " + connected.cause().getMessage());
              }
            });
  }
}
