package io.zoneproxy.core.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  /** Several headers of one name are looked at as one, as in Envoy; null when there is none. */
  @Nullable String header(String name) {
    List<String> values = headers.getAll(name);
    return values.isEmpty() ? null : String.join(",", values);
  }

  /** The same with another path; the query stays. */
  Request withPath(String path) {
    return new Request(method, path + uri.substring(pathEnd()), headers);
  }
}
