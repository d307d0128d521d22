package io.zoneproxy.tls.context;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.zoneproxy.core.model.tls.ClientTls;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.SecretSpec;
import io.zoneproxy.core.route.ChainEngine.Handlers;
import io.zoneproxy.core.route.ChainEngine.Outcome;
import io.zoneproxy.core.route.ChainEngine.Unavailable;
import io.zoneproxy.core.route.TlsOrigination;
import java.util.Map;

/**
 * Begins TLS with BoringSSL. Clusters that ask for the same share a context, also over updates; a
 * secret with another text makes another one, for handshakes that begin after the update.
 * Thread-safe.
 */
public final class ClientContexts implements TlsOrigination, AutoCloseable {
  private final ContextFactory factory;
  private final ContextCache<OriginMaterial> contexts = new ContextCache<>();

  /** With the best provider of this machine. */
  public ClientContexts() {
    this.factory = new ContextFactory(ContextFactory.Best::provider);
  }

  ClientContexts(SslProvider provider) {
    this.factory = new ContextFactory(() -> provider);
  }

  @Override
  public Outcome originate(ClientTls tls, Map<SecretName, SecretSpec> secrets) {
    SharedContext context;
    try {
      context = context(OriginMaterial.of(tls, secrets));
    } catch (UnusableTlsException e) {
      return new Unavailable(String.valueOf(e.getMessage()));
    }
    return new Handlers(channel -> install(channel, context, tls.serverName()));
  }

  private synchronized SharedContext context(OriginMaterial material) throws UnusableTlsException {
    return contexts.get(
        material,
        () ->
            new SharedContext(
                factory.create(material),
                material.servers().isPresent(),
                ContextFactory.shown(material.servers(), material.own())));
  }

  private static void install(Channel channel, SharedContext context, String serverName) {
    SslHandler handler = context.newHandler(channel.alloc(), serverName);
    handler.setHandshakeTimeoutMillis(0); // whoever dials waits for the dial and this together
    RecordWatch records = new RecordWatch();
    channel
        .pipeline()
        .addLast(
            records, handler, new HandshakeWatch(handler, records, context, Failure.Peer.SERVER));
  }

  /** Releases all contexts; handshakes that begin later fail. */
  @Override
  public synchronized void close() {
    contexts.close();
  }
}
