package io.zoneproxy.egress.demo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ConnectionObserver;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.egress.demo.DemoConnections.Door;
import io.zoneproxy.egress.demo.DemoWorld.Instance;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands in for the zone proxies: plain TCP forwarders that look for the known names in the first
 * bytes, and know nothing of TLS. One thread a door, two a connection.
 */
final class ForwardingProxies implements DemoZoneProxies {
  private static final int MAX_HELLO = 16 * 1024;

  private final DemoWorld world;
  private final DemoConnections seen;
  private final boolean hashedAtEgress;
  private final Map<String, List<Instance>> routes = new LinkedHashMap<>();
  private final Map<String, AtomicInteger> turns = new ConcurrentHashMap<>();
  private final Map<String, ServerSocket> listeners = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();

  private ForwardingProxies(DemoWorld world, DemoConnections seen, boolean hashedAtEgress) {
    this.world = world;
    this.seen = seen;
    this.hashedAtEgress = hashedAtEgress;
    for (String zone : DemoWorld.ZONES) {
      for (DemoWorld.Flow flow : DemoWorld.flows()) {
        if (flow.to().equals(zone)) {
          routes.put(zone + "/" + flow.serverName(), world.targets(flow));
        }
      }
      for (String service : List.of("echo", "ledger")) {
        routes.put(
            zone + "/" + DemoNames.hashedForm(service, DemoWorld.SERVICE_PORT),
            world.in(zone).stream().filter(each -> each.service().equals(service)).toList());
      }
    }
  }

  /** Forwards everything as the world wants it. */
  static DemoZoneProxies start(DemoWorld world, DemoConnections seen) throws IOException {
    return new ForwardingProxies(world, seen, true).bind();
  }

  /** As Kuma's: an egress knows the tag forms only. */
  static DemoZoneProxies startStrict(DemoWorld world, DemoConnections seen) throws IOException {
    return new ForwardingProxies(world, seen, false).bind();
  }

  /** Has lost the way to a name. */
  static Factory without(String serverName) {
    return (world, seen) -> {
      ForwardingProxies proxies = new ForwardingProxies(world, seen, true);
      proxies.routes.keySet().removeIf(route -> route.endsWith("/" + serverName));
      return proxies.bind();
    };
  }

  /** Sends one name to the instances of another. */
  static Factory confusing(String route, String withRoute) {
    return (world, seen) -> {
      ForwardingProxies proxies = new ForwardingProxies(world, seen, true);
      List<Instance> wrong = proxies.routes.get(withRoute);
      proxies.routes.put(route, wrong == null ? List.of() : wrong);
      return proxies.bind();
    };
  }

  @Override
  public InetSocketAddress egress(String zone) {
    return world.doors(zone).egress();
  }

  @Override
  public InetSocketAddress ingress(String zone) {
    return world.doors(zone).ingress();
  }

  @Override
  public boolean egressTakesHashedNames() {
    return hashedAtEgress;
  }

  @Override
  public void close() {
    for (ServerSocket listener : listeners.values()) {
      try {
        listener.close();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  private DemoZoneProxies bind() throws IOException {
    boolean complete = false;
    try {
      for (String zone : DemoWorld.ZONES) {
        listen(zone, Door.INGRESS, ingress(zone));
        listen(zone, Door.EGRESS, egress(zone));
      }
      complete = true;
      return this;
    } finally {
      if (!complete) {
        close();
      }
    }
  }

  private void listen(String zone, Door door, InetSocketAddress address) throws IOException {
    ServerSocket listener = new ServerSocket(address.getPort(), 100, address.getAddress());
    listeners.put(zone + door, listener);
    ConnectionObserver observer = seen.observer(zone, door);
    daemon(
        () -> {
          while (!listener.isClosed()) {
            try {
              Socket downstream = listener.accept();
              downstream.setTcpNoDelay(true);
              daemon(() -> forward(zone, door, downstream, observer));
            } catch (IOException e) {
              return; // closed
            }
          }
        });
  }

  private void forward(String zone, Door door, Socket downstream, ConnectionObserver observer) {
    Instant start = Instant.now();
    String name = "";
    try (downstream) {
      ByteArrayOutputStream hello = new ByteArrayOutputStream();
      name = peek(zone, door, downstream.getInputStream(), hello);
      Optional<InetSocketAddress> to = target(zone, door, name);
      if (to.isEmpty()) {
        observer.onClosed(closed(start, name, to, 0, 0, CloseReason.NO_ROUTE));
        return;
      }
      try (Socket upstream = new Socket(to.get().getAddress(), to.get().getPort())) {
        upstream.setTcpNoDelay(true); // else each handshake waits for a delayed ACK
        upstream.getOutputStream().write(hello.toByteArray());
        AtomicLong down = new AtomicLong();
        Thread back = daemon(() -> down.set(pump(upstream, downstream)));
        long up = hello.size() + pump(downstream, upstream);
        back.join();
        observer.onClosed(closed(start, name, to, up, down.get(), CloseReason.DONE));
      }
    } catch (IOException | InterruptedException e) {
      Optional<InetSocketAddress> nowhere = Optional.empty();
      observer.onClosed(closed(start, name, nowhere, 0, 0, CloseReason.UPSTREAM_RESET));
    }
  }

  private Optional<InetSocketAddress> target(String zone, Door door, String name) {
    if (name.isEmpty()) {
      return Optional.empty();
    }
    if (door == Door.EGRESS) {
      return Optional.of(ingress(other(zone)));
    }
    List<Instance> instances = routes.getOrDefault(zone + "/" + name, List.of());
    if (instances.isEmpty()) {
      return Optional.empty();
    }
    int turn = turns.computeIfAbsent(zone + name, key -> new AtomicInteger()).getAndIncrement();
    int port = instances.get(turn % instances.size()).port();
    return Optional.of(new InetSocketAddress(world.doors(zone).ingress().getAddress(), port));
  }

  /** The known name in the first bytes, or "" when they end without one. */
  private String peek(String zone, Door door, InputStream in, ByteArrayOutputStream hello)
      throws IOException {
    String behind = (door == Door.EGRESS ? other(zone) : zone) + "/";
    byte[] buffer = new byte[4096];
    for (int read = in.read(buffer); read >= 0 && hello.size() < MAX_HELLO; ) {
      hello.write(buffer, 0, read);
      String bytes = hello.toString(ISO_8859_1);
      for (String route : routes.keySet()) {
        String name = route.substring(route.indexOf('/') + 1);
        boolean known = door == Door.INGRESS || hashedAtEgress || name.contains("{");
        if (known && route.startsWith(behind) && bytes.contains(name)) {
          return name;
        }
      }
      if (bytes.contains("{mesh=") || bytes.contains(".default.ms")) {
        return ""; // a whole name, and not one that we know
      }
      read = in.read(buffer);
    }
    return "";
  }

  private static String other(String zone) {
    return zone.equals("east") ? "west" : "east";
  }

  private static long pump(Socket from, Socket to) {
    long count = 0;
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      count = in.transferTo(out);
      to.shutdownOutput();
    } catch (IOException e) {
      // the other direction notices too
    }
    return count;
  }

  private ConnectionRecord closed(
      Instant start,
      String name,
      Optional<InetSocketAddress> to,
      long up,
      long down,
      CloseReason reason) {
    return new ConnectionRecord(
        ids.incrementAndGet(),
        "listener",
        start,
        Duration.between(start, Instant.now()),
        null,
        name,
        null,
        name,
        "",
        List.of(),
        "cluster",
        to.orElse(null),
        1,
        Duration.ZERO,
        up,
        down,
        reason,
        "");
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "forwarder");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** The doors that are bound; for a look at what a test left open. */
  static List<InetSocketAddress> doors(DemoWorld world) {
    List<InetSocketAddress> all = new ArrayList<>();
    for (String zone : DemoWorld.ZONES) {
      all.add(world.doors(zone).egress());
      all.add(world.doors(zone).ingress());
    }
    return all;
  }
}
