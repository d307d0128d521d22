package io.zoneproxy.tls.context;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.SecretSpec;
import io.zoneproxy.core.model.tls.ServerTls;
import io.zoneproxy.core.observe.process.CertificateInventory;
import io.zoneproxy.core.route.ChainEngine.Handlers;
import io.zoneproxy.core.route.ChainEngine.Outcome;
import io.zoneproxy.core.route.ChainEngine.Unavailable;
import io.zoneproxy.core.route.TlsTermination;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Ends TLS with BoringSSL. Chains made of the same texts share a context, also over updates; a
 * secret with another text makes another one, for handshakes that begin after the update. Needs no
 * word about chains that are gone. Thread-safe.
 */
public final class TlsContexts implements TlsTermination, AutoCloseable {
  private final ContextFactory factory;
  private final ContextCache<Material> contexts = new ContextCache<>();

  /** By what a chain asks for, the context that was made last: a secret may have changed since. */
  private final Map<ServerTls, WeakReference<SharedContext>> latest = new HashMap<>();

  /** With the best provider of this machine. */
  public TlsContexts() {
    this.factory = new ContextFactory(ContextFactory.Best::provider);
  }

  TlsContexts(SslProvider provider) {
    this.factory = new ContextFactory(() -> provider);
  }

  /**
   * Loads BoringSSL, which takes a fifth of a second: whoever starts may have it done meanwhile.
   */
  public static void prepare() {
    ContextFactory.Best.provider();
  }

  @Override
  public Outcome terminate(ServerTls tls, Map<SecretName, SecretSpec> secrets) {
    SharedContext context;
    try {
      context = context(tls, Material.of(tls, secrets));
    } catch (UnusableTlsException e) {
      return new Unavailable(String.valueOf(e.getMessage()));
    }
    return new Handlers(channel -> install(channel, context));
  }

  private synchronized SharedContext context(ServerTls tls, Material material)
      throws UnusableTlsException {
    SharedContext context = contexts.get(material, () -> make(material));
    latest.put(tls, new WeakReference<>(context));
    return context;
  }

  private SharedContext make(Material material) throws UnusableTlsException {
    latest.values().removeIf(each -> each.refersTo(null)); // whose material is another now
    CertificateInventory.Context shown =
        ContextFactory.shown(material.clients(), Optional.of(material.own()));
    return new SharedContext(factory.create(material), material.clients().isPresent(), shown);
  }

  private static void install(Channel channel, SharedContext context) {
    SslHandler handler = context.newHandler(channel.alloc());
    handler.setHandshakeTimeoutMillis(HandshakeWatch.TIMEOUT.toMillis());
    RecordWatch records = new RecordWatch();
    channel
        .pipeline()
        .addLast(
            records, handler, new HandshakeWatch(handler, records, context, Failure.Peer.CLIENT));
  }

  /**
   * The certificates that new connections meet: those of the chains in force, each context once.
   *
   * @param inForce asked for each look
   */
  public CertificateInventory inventory(Supplier<ProxySnapshot> inForce) {
    return () -> shown(inForce.get());
  }

  private synchronized List<CertificateInventory.Context> shown(ProxySnapshot snapshot) {
    Set<SharedContext> used = new LinkedHashSet<>();
    for (ListenerSpec listener : snapshot.listeners()) {
      for (ChainSpec chain : listener.chains()) {
        WeakReference<SharedContext> made = chain.tls().map(latest::get).orElse(null);
        SharedContext context = made == null ? null : made.get();
        if (context != null) {
          used.add(context);
        }
      }
    }
    return used.stream().map(SharedContext::shown).toList();
  }

  /** How many contexts were made that may still be in use. */
  synchronized int alive() {
    return contexts.alive();
  }

  /** Releases all contexts; handshakes that begin later fail. */
  @Override
  public synchronized void close() {
    contexts.close();
    latest.clear();
  }
}
