package io.zoneproxy.bench.push;

import io.zoneproxy.bench.proc.Proc;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** What a configuration of many services costs a proxy that gets it over gRPC. */
public final class PushMain {
  private static final int UPSTREAM_A = 21_000;
  private static final int UPSTREAM_B = 21_010;
  private static final int CHANGES = 11; // odd: the one in the middle is the median

  private final Settings settings;
  private final PrintStream out;
  private final Plane plane;
  private final Proxied proxy;

  private PushMain(Settings settings, PrintStream out, Plane plane, Proxied proxy) {
    this.settings = settings;
    this.out = out;
    this.plane = plane;
    this.proxy = proxy;
  }

  /**
   * Runs it.
   *
   * @param args {@code services=N updates=SECONDS connections=N}, then {@code --} and the command
   *     that starts zoneproxy as far as {@code run}
   */
  public static void main(String[] args) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Settings settings = Settings.parse(List.of(args));
    try (Site site = new Site();
        Plane plane = Plane.start(settings, UPSTREAM_A);
        Proxied proxy = Proxied.start(settings, plane)) {
      site.add(UPSTREAM_A, 'A');
      site.add(UPSTREAM_B, 'B');
      PushMain run = new PushMain(settings, out, plane, proxy);
      run.first();
      run.changes("endpoint", run::changeEndpoint);
      run.changes("new service", run::addService);
      run.sustained();
    }
    System.exit(0);
  }

  private Client await(int service, char letter) throws IOException {
    while (true) {
      try {
        Client client = new Client(settings.port(), Services.serverName(service));
        if (client.letter() == letter) {
          return client;
        }
        client.close();
      } catch (IOException e) {
        proxy.requireAlive();
      }
      pause();
    }
  }

  /** Short beside what is measured, long enough not to be what the proxy is busy with. */
  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(1);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void first() throws IOException {
    Client served = await(settings.services() - 1, 'A');
    long now = System.nanoTime();
    served.close();
    out.printf(
        "first configuration: %,d services, %.1f MB: %.2f s after the process began, %.2f s after"
            + " it asked, %.0f ms after its last byte; CPU %.2f s, resident %.0f MB%n",
        settings.services(),
        plane.bytes() / 1e6,
        (now - proxy.begunAt()) / 1e9,
        (now - plane.askedAt()) / 1e9,
        (now - plane.lastByteAt()) / 1e6,
        proxy.cpuSeconds(),
        Proc.HERE.residentBytes(proxy.pids()) / 1e6);
  }

  private void changes(String what, IntConsumer change) {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < CHANGES; i++) {
      change.accept(i);
      millis.add((System.nanoTime() - plane.lastByteAt()) / 1e6);
    }
    millis.sort(null);
    out.printf(
        "one change, %s: median %.1f ms from its last byte to serving (%.1f to %.1f), refused %d%n",
        what, millis.get(CHANGES / 2), millis.get(0), millis.get(CHANGES - 1), plane.refusals());
  }

  private void changeEndpoint(int i) {
    int service = i + 1;
    plane.endpoint(service, UPSTREAM_B);
    served(service, 'B');
  }

  private void addService(int i) {
    int service = settings.services() + i;
    plane.service(service, UPSTREAM_A);
    served(service, 'A');
  }

  private void served(int service, char letter) {
    try (Client client = await(service, letter)) {
      if (!client.lives()) {
        throw new IllegalStateException("a connection was lost");
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void sustained() throws IOException {
    List<Client> live = new ArrayList<>();
    for (int i = 0; i < settings.connections(); i++) {
      live.add(new Client(settings.port(), Services.serverName(i % settings.services())));
    }
    for (int perSecond : new int[] {0, 100, 1000}) {
      double cpu = proxy.cpuSeconds();
      int responses = plane.responses();
      long begin = System.nanoTime();
      long pushed = updates(perSecond, begin);
      double seconds = (System.nanoTime() - begin) / 1e9;
      out.printf(
          "%,d updates/s for %.0f s: %,d endpoint updates in %,d responses, CPU %.1f %% of one,"
              + " %d of %d connections live%n",
          perSecond,
          seconds,
          pushed,
          plane.responses() - responses,
          (proxy.cpuSeconds() - cpu) / seconds * 100,
          live.stream().filter(Client::lives).count(),
          live.size());
    }
    for (Client client : live) {
      client.close();
    }
  }

  private long updates(int perSecond, long begin) {
    long end = begin + TimeUnit.SECONDS.toNanos(settings.seconds());
    long pushed = 0;
    for (long now = begin; now < end; now = System.nanoTime()) {
      long due = (now - begin) * perSecond / TimeUnit.SECONDS.toNanos(1);
      for (; pushed < due; pushed++) {
        int service = (int) (pushed % settings.services());
        plane.endpoint(service, pushed % 2 == 0 ? UPSTREAM_B : UPSTREAM_A);
      }
      pause();
    }
    return pushed;
  }
}
