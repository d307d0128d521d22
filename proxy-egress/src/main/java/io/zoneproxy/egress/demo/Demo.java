package io.zoneproxy.egress.demo;

import io.netty.handler.ssl.OpenSsl;
import io.zoneproxy.egress.demo.DemoWorld.Doors;
import io.zoneproxy.egress.demo.DemoWorld.Flow;
import io.zoneproxy.egress.demo.outside.OutsideCalls;
import io.zoneproxy.egress.demo.outside.OutsideServices;
import io.zoneproxy.egress.identity.CertificateMaker;
import io.zoneproxy.ingress.controlplane.FolderDeletion;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A mesh of two zones on loopback: services with certificates made at the start, and a zone ingress
 * and a zone egress in each zone; requests go both ways. All of it ends with the call.
 */
public final class Demo {
  /** Everything was answered rightly, or the user ended it. */
  private static final int GOOD = 0;

  /** Something was not, or could not start. */
  private static final int BAD = 1;

  /** How often each call to what is outside is made before its table: to see that it repeats. */
  private static final int ROUNDS = 5;

  /** Between requests once the table is printed: to see life, not to load a laptop. */
  private static final long PAUSE_MILLIS = 250;

  /** Ports are chosen before they are bound: another program may be faster now and then. */
  private static final int START_ATTEMPTS = 3;

  /** Not {@code getLoopbackAddress()}, which is {@code ::1} on some machines. */
  private static final InetAddress LOOPBACK = loopback();

  private final DemoOptions options;
  private final PrintStream out;
  private final DemoZoneProxies.Factory factory;
  private final CountDownLatch stop;

  private Demo(
      DemoOptions options, PrintStream out, DemoZoneProxies.Factory factory, CountDownLatch stop) {
    this.options = options;
    this.out = out;
    this.factory = factory;
    this.stop = stop;
  }

  /**
   * Runs the demo on the calling thread, to its end.
   *
   * @param out for everything it says
   * @param factory starts the zone proxies
   * @param stop ends it when it reaches zero, whatever it is doing; any thread may count it down
   * @return the exit code: 0 when every request was answered rightly (with {@link
   *     DemoOptions#once()}) or when it was stopped (without); 1 otherwise
   */
  public static int run(
      DemoOptions options, PrintStream out, DemoZoneProxies.Factory factory, CountDownLatch stop) {
    try {
      return new Demo(options, out, factory, stop).run();
    } catch (IOException | GeneralSecurityException e) {
      out.println("demo: " + (e.getMessage() == null ? e : e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      out.println("demo: interrupted");
    }
    out.flush();
    return BAD;
  }

  private int run() throws IOException, GeneralSecurityException, InterruptedException {
    CompletableFuture.runAsync(OpenSsl::isAvailable); // loads BoringSSL meanwhile
    DemoCertificates certificates = DemoCertificates.create();
    DemoConnections seen = new DemoConnections();
    DemoTally tally = new DemoTally();
    try (DemoFolder folder = DemoFolder.create();
        DemoServices services = DemoServices.start(certificates);
        OutsideServices outside = OutsideServices.start(services.loop());
        DemoClient client =
            DemoClient.of(services.loop(), certificates.authority(), certificates.client())) {
      certificates.writeTo(folder);
      Zones zones = startZones(folder, services, outside, seen);
      DemoWorld world = zones.world();
      try (DemoZoneProxies proxies = zones.proxies();
          OutsideCalls calls = calls(proxies, services, certificates);
          DemoPage page =
              DemoPage.start(
                  services.loop(), new DemoState(world, proxies, services, seen, tally))) {
        DemoReport report = new DemoReport(world, proxies);
        DemoTraffic traffic = new DemoTraffic(world, proxies, client, tally);
        say(report.intro(page.url()));
        return play(report, traffic, tally, calls);
      }
    }
  }

  /** Through the first zone's egress; none when the proxies serve nothing outside. */
  private static OutsideCalls calls(
      DemoZoneProxies proxies, DemoServices services, DemoCertificates certificates)
      throws IOException {
    Map<String, CertificateMaker.Made> members =
        Map.of(
            OutsideCalls.CLIENT, certificates.client(),
            OutsideCalls.STRANGER, certificates.stranger());
    return new OutsideCalls(
        proxies.egress(DemoWorld.ZONES.get(0)),
        services.loop(),
        certificates.authority(),
        proxies.reachesOutside() ? members : Map.of());
  }

  private int play(DemoReport report, DemoTraffic traffic, DemoTally tally, OutsideCalls calls)
      throws InterruptedException {
    boolean right = traffic.send(options.requests(), stop);
    say(report.table(tally));
    Set<String> wrong = calls.sendRounds(ROUNDS, stop);
    say(calls.table());
    wrong.forEach(each -> say("  " + each));
    if (options.once()) {
      boolean good = right && wrong.isEmpty();
      say(good ? "every request was answered rightly" : "NOT every request was answered");
      return good ? GOOD : BAD;
    }
    say(report.tryIt());
    say(report.tryOutside(calls));
    say("running; ctrl-c ends it");
    keepSending(traffic, calls);
    say("\n" + report.table(tally));
    say(calls.table());
    return GOOD;
  }

  /** A line when it begins to fail and a line when it works again, none in between. */
  private void keepSending(DemoTraffic traffic, OutsideCalls calls) throws InterruptedException {
    List<Flow> flows = DemoWorld.flows();
    Map<String, String> failing = new HashMap<>();
    for (int i = 0; !stop.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS); i++) {
      int turn = i % (flows.size() + calls.kinds());
      if (turn < flows.size()) {
        Flow flow = flows.get(turn);
        String name = "%s -> %s, %s".formatted(flow.from(), flow.to(), flow.serverName());
        tell(name, traffic.send(flow), failing);
      } else {
        int kind = turn - flows.size();
        tell(calls.title(kind), calls.send(kind), failing);
      }
    }
  }

  private void tell(String name, Optional<String> wrong, Map<String, String> failing) {
    if (wrong.isPresent() && failing.put(name, wrong.get()) == null) {
      say(name + " fails: " + wrong.get());
    } else if (wrong.isEmpty() && failing.remove(name) != null) {
      say(name + " works again");
    }
  }

  /** At once, whatever the stream buffers: people wait for it. */
  private void say(String text) {
    out.println(text);
    out.flush();
  }

  private Zones startZones(
      DemoFolder folder, DemoServices services, OutsideServices outside, DemoConnections seen)
      throws IOException {
    for (int attempt = 1; ; attempt++) {
      DemoWorld world = new DemoWorld(folder.path(), services.instances(), freeDoors());
      for (String zone : DemoWorld.ZONES) {
        FolderDeletion.delete(folder.path().resolve(zone)); // of an attempt before
      }
      new DemoResources(world).writeTo(folder);
      for (String zone : DemoWorld.ZONES) {
        folder.write(zone + "/resources/outside.yaml", outside.resources());
      }
      try {
        return new Zones(world, factory.start(world, seen));
      } catch (IOException e) {
        if (attempt == START_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** All are bound at one time, so that they differ, and let go for the proxies to bind. */
  private static Map<String, Doors> freeDoors() throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      Map<String, Doors> doors = new HashMap<>();
      for (String zone : DemoWorld.ZONES) {
        doors.put(zone, new Doors(hold(held), hold(held)));
      }
      return doors;
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }

  private static InetSocketAddress hold(List<ServerSocket> held) throws IOException {
    ServerSocket socket = new ServerSocket(0, 1, LOOPBACK);
    held.add(socket);
    return new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort());
  }

  private static InetAddress loopback() {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an IPv4 address", e);
    }
  }

  /**
   * What came of the start.
   *
   * @param world with the addresses that were bound
   * @param proxies running
   */
  private record Zones(DemoWorld world, DemoZoneProxies proxies) {}
}
