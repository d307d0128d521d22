package io.zoneproxy.core.upstream.tunnel;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.proxy.ProxyConnectException;
import io.netty.handler.proxy.ProxyHandler;
import io.zoneproxy.core.config.outbound.ProxyCredentials;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Asks a proxy with {@code CONNECT}. The head of the answer decides: with 2xx, of whatever length
 * it says it is, everything behind it is the endpoint's (RFC 9110 §9.3.6); with another status it
 * is over, and nobody waits for a body. Netty's own handler takes only 200, and waits.
 */
final class Asking extends ProxyHandler {
  private final Optional<ProxyCredentials.Login> login;
  private final ChannelHandler encoder = new HttpRequestEncoder();
  private final ChannelHandler decoder = new Heads();
  private boolean granted;

  Asking(InetSocketAddress proxy, Optional<ProxyCredentials.Login> login) {
    super(proxy);
    this.login = login;
  }

  /** The proxy's answer was another one. */
  static final class Refused extends ProxyConnectException {
    private static final long serialVersionUID = 1;

    private final int status;

    Refused(int status) {
      super("status " + status);
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  /** An answer is its head. */
  private static final class Heads extends HttpResponseDecoder {
    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
      return true;
    }
  }

  @Override
  public String protocol() {
    return "http";
  }

  @Override
  public String authScheme() {
    return login.isPresent() ? "basic" : "none";
  }

  @Override
  protected void addCodec(ChannelHandlerContext ctx) {
    ctx.pipeline().addBefore(ctx.name(), null, encoder).addBefore(ctx.name(), null, decoder);
  }

  @Override
  protected void removeEncoder(ChannelHandlerContext ctx) {
    ctx.pipeline().remove(encoder);
  }

  @Override
  protected void removeDecoder(ChannelHandlerContext ctx) {
    ctx.pipeline().remove(decoder); // what it has not decoded flows on
  }

  @Override
  protected Object newInitialMessage(ChannelHandlerContext ctx) {
    InetSocketAddress to = destinationAddress();
    String authority = HttpUtil.formatHostnameForHttp(to) + ":" + to.getPort();
    FullHttpRequest request =
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.CONNECT, authority);
    request.headers().set(HttpHeaderNames.HOST, authority);
    login.ifPresent(
        known -> request.headers().set(HttpHeaderNames.PROXY_AUTHORIZATION, basic(known)));
    return request;
  }

  private static String basic(ProxyCredentials.Login login) {
    String pair = login.user() + ":" + login.password();
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  protected boolean handleResponse(ChannelHandlerContext ctx, Object message)
      throws ProxyConnectException {
    HttpObject part = (HttpObject) message;
    if (part.decoderResult().isFailure()) {
      throw new ProxyConnectException(
          "no answer of HTTP", new DecoderException(part.decoderResult().cause()));
    }
    if (part instanceof HttpResponse head) {
      HttpStatusClass kind = head.status().codeClass();
      granted = kind == HttpStatusClass.SUCCESS;
      if (!granted && kind != HttpStatusClass.INFORMATIONAL) {
        throw new Refused(head.status().code());
      }
    }
    return granted && part instanceof LastHttpContent; // the decoder's own, right behind the head
  }
}
