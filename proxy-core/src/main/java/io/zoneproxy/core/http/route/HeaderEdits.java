package io.zoneproxy.core.http.route;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.zoneproxy.core.model.http.RouteTable.Headers;
import io.zoneproxy.core.model.policy.HeaderChange;
import java.util.List;

/** What a route and its table change in headers. Immutable. */
public final class HeaderEdits {
  private final List<Headers> edits; // the innermost first, as in Envoy

  private HeaderEdits(List<Headers> edits) {
    this.edits = edits;
  }

  /**
   * Those of a route.
   *
   * @param route its own, made first
   * @param table those of all routes
   * @throws IllegalArgumentException for what can be no header, a line break for example
   */
  public static HeaderEdits of(Headers route, Headers table) {
    List<Headers> some = List.of(route, table).stream().filter(one -> !isEmpty(one)).toList();
    HeaderEdits edits = new HeaderEdits(some);
    HttpHeaders trial = new DefaultHttpHeaders();
    edits.request(trial);
    edits.response(trial);
    return edits;
  }

  private static boolean isEmpty(Headers headers) {
    return headers.equals(Headers.NONE);
  }

  /** Changes a request's. */
  public void request(HttpHeaders headers) {
    for (Headers edit : edits) {
      change(headers, edit.request(), edit.requestRemoved());
    }
  }

  /** Changes a response's. */
  public void response(HttpHeaders headers) {
    for (Headers edit : edits) {
      change(headers, edit.response(), edit.responseRemoved());
    }
  }

  /** Sets or adds. */
  public static void change(HttpHeaders headers, List<HeaderChange> changes) {
    change(headers, changes, List.of());
  }

  private static void change(
      HttpHeaders headers, List<HeaderChange> changes, List<String> removed) {
    removed.forEach(headers::remove);
    for (HeaderChange change : changes) {
      if (change.append()) {
        headers.add(change.name(), change.value());
      } else {
        headers.set(change.name(), change.value());
      }
    }
  }
}
