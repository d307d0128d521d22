package io.zoneproxy.core.upstream;

import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Resolves names with Netty's resolver, which never blocks. It is made at the first name: most
 * meshes have addresses only. Any thread.
 */
public final class DnsNames implements Function<String, Future<List<InetAddress>>>, AutoCloseable {
  /** Answers are asked for anew every few seconds anyway; a longer life would hide a change. */
  private static final int MAX_TTL_SECONDS = 5;

  private static final int NEGATIVE_TTL_SECONDS = 1;
  private static final long QUERY_TIMEOUT_MILLIS = 2000;

  private final EventLoop loop;
  private final DnsServerAddressStreamProvider servers;
  private @Nullable DnsNameResolver resolver;

  /**
   * @param loop the resolver's sockets live on it
   */
  public DnsNames(EventLoop loop) {
    this(
        loop,
        domain ->
            DnsServerAddressStreamProviders.platformDefault().nameServerAddressStream(domain));
  }

  /** With name servers other than the system's. */
  DnsNames(EventLoop loop, DnsServerAddressStreamProvider servers) {
    this.loop = loop;
    this.servers = servers;
  }

  @Override
  public Future<List<InetAddress>> apply(String name) {
    return resolver().resolveAll(name);
  }

  private synchronized DnsNameResolver resolver() {
    DnsNameResolver made = resolver;
    if (made == null) {
      made =
          new DnsNameResolverBuilder(loop)
              .datagramChannelType(NioDatagramChannel.class)
              .nameServerProvider(servers)
              .ttl(0, MAX_TTL_SECONDS)
              .negativeTtl(NEGATIVE_TTL_SECONDS)
              .queryTimeoutMillis(QUERY_TIMEOUT_MILLIS)
              .build();
      resolver = made;
    }
    return made;
  }

  @Override
  public synchronized void close() {
    if (resolver != null) {
      resolver.close();
    }
  }
}
