package io.zoneproxy.core.upstream.tunnel;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.zoneproxy.core.config.outbound.OutboundProxy;
import io.zoneproxy.core.config.outbound.ProxyCredentials;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.observe.CloseReason;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * The way to an endpoint through a proxy that is asked with {@code CONNECT}. The proxy is told the
 * endpoint's name, and looks it up. Any thread.
 *
 * @param proxy who is asked
 * @param to where to
 */
public record Tunnel(OutboundProxy proxy, HostPort to) {
  /** Told once how it ended; on the event loop. */
  public interface Outcome {
    /** The channel leads to the endpoint; handlers that are added now see what it says. */
    void onOpen(Channel channel);

    /** It does not. The channel may still be open: the callee closes it. */
    void onFailed(Channel channel, Failure failure);
  }

  /**
   * Why there is none.
   *
   * @param words of whose fault it was, without the credentials
   * @param blamesEndpoint whether the proxy says, or it looks as if, the endpoint was not there;
   *     what goes wrong with the proxy itself is no endpoint's fault
   */
  public record Failure(CloseReason reason, String words, boolean blamesEndpoint) {}

  /** The proxy's address did not answer in time. */
  public Failure noAnswer() {
    return new Failure(CloseReason.CONNECT_TIMEOUT, says("no answer in time"), false);
  }

  /**
   * The proxy's address could not be connected to.
   *
   * @param words the system's
   */
  public Failure notConnected(String words) {
    return new Failure(CloseReason.CONNECT_FAILED, says(words), false);
  }

  /** The proxy was there, and no way was made in time: it is waiting for the endpoint itself. */
  public Failure notMade() {
    return new Failure(CloseReason.CONNECT_TIMEOUT, says("no way in time"), true);
  }

  String says(String words) {
    return "proxy " + proxy.address() + ": " + words;
  }

  /**
   * Dials; the pipeline has what {@link #install} puts there.
   *
   * @param bootstrap is not to be used for anything else
   * @return tells of the connection to the proxy alone
   */
  public ChannelFuture dial(Bootstrap bootstrap) {
    return bootstrap
        .disableResolver() // the name is for the proxy to look up
        .connect(InetSocketAddress.createUnresolved(to.host(), to.port()));
  }

  /**
   * Puts first into a new channel's pipeline what asks the proxy.
   *
   * @param at the proxy's address
   * @param timeout for its answer, once it is connected; zero = the callee has one of its own
   */
  public void install(Channel fresh, InetSocketAddress at, Duration timeout, Outcome outcome) {
    Asking asking = new Asking(at, proxy.credentials().map(ProxyCredentials::login));
    asking.setConnectTimeoutMillis(0); // ours is for everything
    fresh.pipeline().addLast(asking).addLast(new TunnelWatch(this, timeout, outcome));
  }
}
