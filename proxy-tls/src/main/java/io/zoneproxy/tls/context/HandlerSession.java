package io.zoneproxy.tls.context;

import io.netty.channel.ChannelFuture;
import io.netty.handler.ssl.SslHandler;
import io.zoneproxy.core.route.TlsSession;

/** TLS as a {@link SslHandler} has it. */
record HandlerSession(SslHandler handler, RecordWatch records) implements TlsSession {
  @Override
  public String protocol() {
    String protocol = handler.applicationProtocol();
    return protocol == null ? "" : protocol;
  }

  @Override
  public String version() {
    return handler.engine().getSession().getProtocol();
  }

  @Override
  public String cipher() {
    return handler.engine().getSession().getCipherSuite();
  }

  @Override
  public void relays(int most) {
    records.keep();
    handler.setWrapDataSize(most); // 16 KiB else, each in a buffer of its own
  }

  @Override
  public boolean outputOpen() {
    return !handler.engine().isOutboundDone();
  }

  @Override
  public ChannelFuture endOutput() {
    return handler.closeOutbound();
  }
}
