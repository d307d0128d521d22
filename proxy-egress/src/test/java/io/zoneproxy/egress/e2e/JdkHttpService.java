package io.zoneproxy.egress.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A service outside on the JDK's own server of HTTP/1.1: it sends back every body as it comes. */
final class JdkHttpService implements AutoCloseable {
  /** Whoever has connected. */
  final Set<InetSocketAddress> connections = ConcurrentHashMap.newKeySet();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /**
   * @param context of its TLS; null = in the clear
   */
  JdkHttpService(@Nullable SSLContext context) throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    if (context == null) {
      server = HttpServer.create(any, 0);
    } else {
      HttpsServer https = HttpsServer.create(any, 0);
      https.setHttpsConfigurator(new HttpsConfigurator(context));
      server = https;
    }
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    connections.add(exchange.getRemoteAddress());
    try (exchange) {
      exchange.sendResponseHeaders(200, 0); // in chunks, of as many bytes as come
      exchange.getRequestBody().transferTo(exchange.getResponseBody());
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
