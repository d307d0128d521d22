package io.zoneproxy.core.forward.request;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.zoneproxy.core.observe.request.LoggedHeaders;
import io.zoneproxy.core.policy.HeaderTest;
import io.zoneproxy.core.policy.Subject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request as filters and routes see it. On its event loop. */
public final class ForwardedRequest implements HeaderTest.Headers, LoggedHeaders {
  private static final String ORIGINAL_PATH = "x-envoy-original-path";

  private final HttpRequest head;
  private final Peer peer;
  private @Nullable Subject subject;
  private @Nullable String originalPath; // when it is sent on with another one
  private @Nullable StickyCookies cookies; // null: none were made

  public ForwardedRequest(HttpRequest head, Peer peer) {
    this.head = head;
    this.peer = peer;
  }

  public HttpRequest head() {
    return head;
  }

  public Peer peer() {
    return peer;
  }

  /** Whom permissions are about. */
  public Subject subject() {
    Subject known = subject;
    if (known == null) {
      known = peer.subject().with(this);
      subject = known;
    }
    return known;
  }

  /** Cookies that are made for it. */
  StickyCookies cookies() {
    StickyCookies known = cookies;
    if (known == null) {
      known = new StickyCookies();
      cookies = known;
    }
    return known;
  }

  /** Gives the downstream the cookies that were made for it. */
  public void addCookies(HttpHeaders response) {
    StickyCookies made = cookies;
    if (made != null) {
      made.addTo(response);
    }
  }

  /**
   * As it goes to the upstream, whose codec gives it the version that is spoken there.
   *
   * @param all whether the head is all of it
   */
  public HttpRequest outgoing(boolean all) {
    return all
        ? new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            head.method(),
            head.uri(),
            Unpooled.EMPTY_BUFFER,
            head.headers(),
            EmptyHttpHeaders.INSTANCE)
        : new DefaultHttpRequest(HttpVersion.HTTP_1_1, head.method(), head.uri(), head.headers());
  }

  String authority() {
    return head.headers().get(HttpHeaderNames.HOST, "");
  }

  /** Without the query. */
  String path() {
    String uri = head.uri();
    int query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }

  /** Whether it is gRPC, whose errors look different. */
  public boolean isGrpc() {
    String type = head.headers().get(HttpHeaderNames.CONTENT_TYPE);
    return type != null && type.toLowerCase(Locale.ROOT).startsWith("application/grpc");
  }

  /** May be asked for twice (RFC 9110 §9.2.2): its connection may have been closed as idle. */
  public boolean isIdempotent() {
    return switch (head.method().name()) {
      case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE" -> true;
      default -> false;
    };
  }

  @Override
  public @Nullable String get(String name) {
    return switch (name) {
      case ":method" -> head.method().name();
      case ":path" -> head.uri();
      case ":authority" -> authority();
      case ":scheme" -> peer.secure() ? "https" : "http";
      case ORIGINAL_PATH -> originalPath; // for records; an outside host is not told
      default -> joined(head.headers().getAll(name));
    };
  }

  /** Sends it on with another path. */
  void rewrite(String path) {
    String asked = head.uri();
    if (!path.equals(asked)) {
      originalPath = asked;
      head.setUri(path);
    }
  }

  @Override
  public int bytes() {
    int bytes = head.uri().length() + head.method().name().length();
    for (Map.Entry<String, String> header : head.headers()) {
      bytes += header.getKey().length() + header.getValue().length();
    }
    return bytes;
  }

  private static @Nullable String joined(List<String> values) {
    return switch (values.size()) {
      case 0 -> null;
      case 1 -> values.get(0);
      default -> String.join(",", values);
    };
  }
}
