package io.zoneproxy.core.admin;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.zoneproxy.core.admin.metric.ServerInfo;
import io.zoneproxy.core.admin.pages.HomePage;
import io.zoneproxy.core.http.Answer;
import io.zoneproxy.core.http.HttpLimits;
import io.zoneproxy.core.http.HttpPort;
import io.zoneproxy.core.http.HttpService;
import io.zoneproxy.core.http.Request;
import io.zoneproxy.core.observe.ProxyView;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The admin port, with Envoy's endpoints. Whoever reaches it may read everything and end the proxy:
 * it belongs on 127.0.0.1. What changes anything wants POST and no sign of a browser, because a
 * page of any site can make a browser on this machine send requests here.
 */
public final class AdminServer implements AutoCloseable {
  private static final String RESOURCE = "networking.admin.port of the own resource";
  private static final int BAD_REQUEST = 400;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;

  /** Browsers send at least one of them with each POST; no command-line tool does by itself. */
  private static final List<String> BROWSER_HEADERS =
      List.of("origin", "referer", "sec-fetch-site");

  private final Map<String, AdminEndpoint> endpoints = new TreeMap<>();
  private final HttpService service;
  private final HttpPort port;
  private final HttpPort socket;

  /**
   * Binds nothing yet.
   *
   * @param loop carries the port and runs the endpoints; should not be one that carries proxied
   *     connections, which a long page would hold up
   * @param view what is shown
   * @param info what is shown and never changes
   * @param actions what can be set going
   * @param more endpoints of the role
   * @throws IllegalArgumentException when two endpoints have one path
   */
  public AdminServer(
      EventLoop loop,
      ProxyView view,
      ServerInfo info,
      AdminActions actions,
      List<AdminEndpoint> more) {
    this(loop, new StandardEndpoints(view, info, actions).all(), more, HttpLimits.DEFAULT);
  }

  AdminServer(
      EventLoop loop, List<AdminEndpoint> standard, List<AdminEndpoint> more, HttpLimits limits) {
    Stream.concat(standard.stream(), more.stream()).forEach(this::add);
    this.service = HttpService.on(loop, request -> encoded(answer(request)));
    this.port = new HttpPort("admin port", RESOURCE, loop, service, limits);
    this.socket = new HttpPort("admin socket", "--work-dir", loop, service, limits);
  }

  private void add(AdminEndpoint endpoint) {
    String path = endpoint.path();
    if (path.equals("/") || path.equals("/help") || endpoints.put(path, endpoint) != null) {
      throw new IllegalArgumentException("admin endpoint " + path + ": exists already");
    }
  }

  /**
   * Binds and serves; not to be called on the event loop.
   *
   * @param where port 0 lets the kernel choose
   * @throws IOException when it cannot be bound; the message says what and why
   */
  public void start(InetSocketAddress where) throws IOException {
    port.start(where);
  }

  /**
   * Serves on a Unix socket, too, or instead; not to be called on the event loop.
   *
   * @param path whose folder only this user may use; made when it does not exist
   * @throws IOException when it cannot be bound; the message says what and why
   */
  public void start(Path path) throws IOException {
    socket.start(path);
  }

  /** The same pages for whoever reaches them otherwise; they are made on the loop. */
  public HttpService service() {
    return service;
  }

  /** What is bound, of TCP. */
  public InetSocketAddress address() {
    return port.address();
  }

  /** Stops listening and closes every connection; a second call does nothing. */
  @Override
  public void close() {
    port.close();
    socket.close();
  }

  private static Answer encoded(AdminResponse response) {
    return Answer.page(
        response.status(), response.contentType(), response.body(), response.headers());
  }

  private AdminResponse answer(Request request) {
    AdminRequest parsed;
    try {
      parsed = parse(request.uri());
    } catch (IllegalArgumentException e) {
      return AdminResponse.text(BAD_REQUEST, "the URI cannot be decoded\n");
    }
    boolean home = parsed.path().equals("/") || parsed.path().equals("/help");
    AdminEndpoint endpoint = endpoints.get(parsed.path());
    if (endpoint == null && !home) {
      return AdminResponse.text(NOT_FOUND, "invalid path, /help lists the valid ones\n");
    }
    AdminResponse refusal = refusal(request, endpoint != null && endpoint.changes());
    if (refusal != null) {
      return refusal;
    }
    if (endpoint != null) {
      return endpoint.handle(parsed);
    }
    return parsed.path().equals("/") ? home() : AdminResponse.text(help());
  }

  /** Path and query; a proxy's form of the URI, with scheme and authority, is legal as well. */
  private static AdminRequest parse(String uri) {
    int authority = uri.startsWith("/") ? -1 : uri.indexOf("://");
    int slash = authority < 0 ? 0 : uri.indexOf('/', authority + "://".length());
    QueryStringDecoder decoder = new QueryStringDecoder(slash < 0 ? "/" : uri.substring(slash));
    return new AdminRequest(decoder.path(), decoder.parameters());
  }

  private static @Nullable AdminResponse refusal(Request request, boolean changes) {
    HttpMethod method = request.method();
    if (!changes) {
      return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)
          ? null
          : notAllowed("GET, HEAD");
    }
    if (!method.equals(HttpMethod.POST)) {
      return notAllowed("POST");
    }
    HttpHeaders headers = request.headers();
    return BROWSER_HEADERS.stream().anyMatch(headers::contains)
        ? AdminResponse.text(FORBIDDEN, "refused: the request comes from a page of a browser\n")
        : null;
  }

  private static AdminResponse notAllowed(String allowed) {
    return AdminResponse.text(METHOD_NOT_ALLOWED, "method not allowed, use " + allowed + "\n")
        .withHeader("allow", allowed);
  }

  private AdminResponse home() {
    List<HomePage.Entry> entries =
        endpoints.values().stream()
            .map(each -> new HomePage.Entry(each.path(), each.help(), each.changes()))
            .toList();
    return AdminResponse.html(HomePage.html(entries));
  }

  private String help() {
    StringBuilder out = new StringBuilder("admin commands are:\n  /: Admin home page\n");
    out.append("  /help: print out list of admin commands\n");
    for (AdminEndpoint endpoint : endpoints.values()) {
      out.append("  ").append(endpoint.path()).append(endpoint.changes() ? " (POST): " : ": ");
      out.append(endpoint.help()).append('\n');
    }
    return out.toString();
  }
}
