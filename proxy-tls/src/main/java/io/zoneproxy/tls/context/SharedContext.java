package io.zoneproxy.tls.context;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;
import io.netty.util.ReferenceCountUtil;
import io.zoneproxy.core.observe.process.CertificateInventory;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;

/**
 * A context that several chains use. Its native part goes when the last chain that holds this is
 * gone, and no connection can take it at that moment: the table that a connection looked at may be
 * an old one, so nobody else could tell. Thread-safe.
 */
final class SharedContext {
  /** It would only name a session to be resumed, which none is. */
  private static final int NO_PORT = -1;

  private static final Cleaner CLEANER = Cleaner.create();

  private final SslContext context;
  private final boolean checksPeers;
  private final CertificateInventory.Context shown;
  private final Cleaner.Cleanable release;

  /**
   * Takes a context over.
   *
   * @param context owned by this from now on
   * @param checksPeers whether it lets no peer pass whose certificate is not good
   * @param shown its certificates
   */
  SharedContext(SslContext context, boolean checksPeers, CertificateInventory.Context shown) {
    this.shown = shown;
    this.context = context;
    this.checksPeers = checksPeers;
    this.release = CLEANER.register(this, () -> ReferenceCountUtil.release(context));
  }

  /** Its certificates, public parts only. */
  CertificateInventory.Context shown() {
    return shown;
  }

  boolean checksPeers() {
    return checksPeers;
  }

  /** A handler for a connection that came in; the pipeline's. */
  SslHandler newHandler(ByteBufAllocator allocator) {
    return newHandler(allocator, "");
  }

  /**
   * A handler for one connection; the pipeline's.
   *
   * @param serverName SNI that is sent; "" = none, and for a connection that came in
   */
  SslHandler newHandler(ByteBufAllocator allocator, String serverName) {
    try {
      SslHandler handler =
          serverName.isEmpty()
              ? context.newHandler(allocator)
              : context.newHandler(allocator, serverName, NO_PORT);
      if (handler.engine() instanceof ReferenceCountedOpenSslEngine engine) {
        // Netty hands out tickets; whoever resumes by one passes by the check of its certificate.
        SSL.setOptions(engine.sslPointer(), SSL.SSL_OP_NO_TICKET);
      }
      return handler;
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Releases it now; live connections keep what they have. A second call does nothing. */
  void close() {
    release.clean();
  }
}
