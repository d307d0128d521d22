package io.zoneproxy.core.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;

/**
 * A request to one of the proxy's own services; its body was dropped, for none reads one.
 *
 * @param uri as it came, or as a route has rewritten it: path and query
 * @param headers a service's own from here on
 */
public record Request(HttpMethod method, String uri, HttpHeaders headers) {
  /** Where the path ends: at the query, or at the end. */
  int pathEnd() {
    int query = uri.indexOf('?');
    return query < 0 ? uri.length() : query;
  }

  /** The path without the query, as it came. */
  String path() {
    return uri.substring(0, pathEnd());
  }

  /** The same with another path; the query stays. */
  Request withPath(String path) {
    return new Request(method, path + uri.substring(pathEnd()), headers);
  }
}
