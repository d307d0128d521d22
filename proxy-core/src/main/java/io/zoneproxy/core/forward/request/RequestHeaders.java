package io.zoneproxy.core.forward.request;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.http.RouteAction;
import io.zoneproxy.core.trace.RequestId;
import io.zoneproxy.core.upstream.Endpoint;
import java.util.List;

/**
 * Gives a request the headers that it goes on with; all but its host, which the endpoint decides.
 */
public final class RequestHeaders {
  private static final AsciiString ID = AsciiString.cached(RequestId.HEADER);
  private static final AsciiString PROTOCOL = AsciiString.cached("x-forwarded-proto");

  /**
   * For proxies of the mesh among themselves, of whom an outside host is told nothing; and Netty's
   * own.
   */
  private static final List<String> PRIVATE = List.of("x-envoy-", "x-http2-");

  /** Who the downstream is, as a proxy before us says: nobody can have checked it (as in Envoy). */
  private static final String CLIENT_CERT = "x-forwarded-client-cert";

  private RequestHeaders() {}

  /** Changes the request's head, once. */
  public static void prepare(ForwardedRequest request, Route route, RouteAction.Forward to) {
    HttpHeaders headers = request.head().headers();
    Hop.strip(headers);
    Hop.stripPrefixes(headers, PRIVATE);
    headers.remove(CLIENT_CERT);
    if (!headers.contains(PROTOCOL)) {
      headers.set(PROTOCOL, request.peer().secure() ? "https" : "http");
    }
    if (!headers.contains(ID)) {
      headers.set(ID, RequestId.fresh());
    }
    route.edits().request(headers);
    request.rewrite(route.rewritten(request.head().uri(), to));
  }

  /** Takes out of the fields behind a body what must not come from there, or not from outside. */
  public static void prepareTrailers(HttpContent part) {
    if (part instanceof LastHttpContent last && !last.trailingHeaders().isEmpty()) {
      HttpHeaders trailers = last.trailingHeaders();
      Hop.strip(trailers);
      Hop.stripPrefixes(trailers, PRIVATE);
      trailers.remove(CLIENT_CERT);
      trailers.remove(HttpHeaderNames.HOST);
      trailers.remove(HttpHeaderNames.CONTENT_LENGTH);
      trailers.remove(HttpHeaderNames.TRANSFER_ENCODING);
    }
  }

  /** Asks for the host that the route says, or the one that the endpoint is named after. */
  public static void setHost(ForwardedRequest request, RouteAction.Forward to, Endpoint endpoint) {
    if (to.hostRewrite() instanceof RouteAction.HostRewrite.To one) {
      request.head().headers().set(HttpHeaderNames.HOST, one.host());
    } else if (to.hostRewrite() instanceof RouteAction.HostRewrite.OfEndpoint
        && endpoint.named()
        && endpoint.address() instanceof HostPort at) {
      request.head().headers().set(HttpHeaderNames.HOST, at.host());
    }
  }
}
