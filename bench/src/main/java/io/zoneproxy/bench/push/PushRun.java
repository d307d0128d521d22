package io.zoneproxy.bench.push;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** One proxy, from its start through all that is pushed to it. */
final class PushRun {
  static final int UPSTREAM_A = 5_010;
  static final int UPSTREAM_B = 5_020;

  /** Odd: the one in the middle is the median. The first ones find code that is not compiled. */
  private static final int CHANGES = 11;

  /** Short beside what is measured, long enough not to be what the proxy is busy with. */
  private static final int BETWEEN_MILLIS = 1;

  /** One that has used less than this of a processor is done with what was before. */
  private static final double IDLE_SHARE = 0.1;

  private static final int LOOK_MILLIS = 250;

  /** It may write to its disk, and compile, for some seconds. */
  private static final int MOST_LOOKS = 80;

  /** Beyond, it is taken for one that cannot. */
  private static final long MOST_MINUTES = 10;

  private final int services;
  private final Settings settings;
  private final Plane plane;
  private final Proxied proxy;
  private final Figures figures = new Figures();

  private PushRun(int services, Settings settings, Plane plane, Proxied proxy) {
    this.services = services;
    this.settings = settings;
    this.plane = plane;
    this.proxy = proxy;
  }

  /**
   * Measures everything.
   *
   * @param services in the first configuration
   */
  static Figures of(Peer peer, int services, Settings settings) throws IOException {
    try (Plane plane = Plane.start(services, UPSTREAM_A);
        Proxied proxy = Proxied.start(peer, plane)) {
      PushRun run = new PushRun(services, settings, plane, proxy);
      run.first();
      run.changes("one endpoint changed", run::changeEndpoint);
      run.changes("one service more", run::addService);
      run.sustained();
      run.figures.put("refused responses", plane.refusals());
      return run.figures;
    }
  }

  private Client await(int service, char letter) throws IOException {
    long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(MOST_MINUTES);
    while (System.nanoTime() < until) {
      try {
        Client client = new Client(Services.PORT, Services.serverName(service));
        if (client.letter() == letter) {
          return client;
        }
        client.close();
      } catch (IOException e) {
        proxy.requireAlive();
      }
      pause(BETWEEN_MILLIS);
    }
    throw new IOException("service " + service + ": not served within " + MOST_MINUTES + " min");
  }

  private static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void first() throws IOException {
    Client served = await(services - 1, 'A');
    long now = System.nanoTime();
    served.close();
    figures.put("first configuration, MB", plane.bytes() / 1e6);
    figures.put(
        "first configuration, s from the process's start to serving",
        (now - proxy.begunAt()) / 1e9);
    figures.put("first configuration, s from asking", (now - plane.askedAt()) / 1e9);
    figures.put("first configuration, s from its last byte", (now - plane.lastByteAt()) / 1e9);
    figures.put("first configuration, CPU s", proxy.cpuSeconds());
    figures.put("MB resident then", proxy.residentMegabytes());
  }

  private void changes(String what, IntConsumer change) {
    List<Double> millis = new ArrayList<>();
    double cpu = proxy.cpuSeconds();
    for (int i = 0; i < CHANGES; i++) {
      awaitIdle();
      change.accept(i);
      millis.add((System.nanoTime() - plane.lastByteAt()) / 1e6);
    }
    millis.sort(null);
    figures.put(what + ", ms from its last byte", millis.get(CHANGES / 2));
    figures.put(what + ", the least", millis.get(0));
    figures.put(what + ", the most", millis.get(CHANGES - 1));
    figures.put(what + ", CPU ms each", (proxy.cpuSeconds() - cpu) * 1e3 / CHANGES);
  }

  /** What one change takes is asked, not what it takes while the one before is not done with. */
  private void awaitIdle() {
    for (int i = 0; i < MOST_LOOKS; i++) {
      double before = proxy.cpuSeconds();
      pause(LOOK_MILLIS);
      if (proxy.cpuSeconds() - before < IDLE_SHARE * LOOK_MILLIS / 1e3) {
        return;
      }
    }
  }

  private void changeEndpoint(int i) {
    int service = i + 1;
    plane.endpoint(service, UPSTREAM_B);
    served(service, 'B');
  }

  private void addService(int i) {
    int service = services + i;
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
      live.add(new Client(Services.PORT, Services.serverName(i % services)));
    }
    for (int perSecond : new int[] {0, 100, 1000}) {
      double cpu = proxy.cpuSeconds();
      int responses = plane.responses();
      long begin = System.nanoTime();
      updates(perSecond, begin);
      double seconds = (System.nanoTime() - begin) / 1e9;
      String what = "%,d endpoint updates/s".formatted(perSecond);
      figures.put(what + ", CPU % of one", (proxy.cpuSeconds() - cpu) / seconds * 100);
      if (perSecond > 0) {
        figures.put(what + ", responses/s", (plane.responses() - responses) / seconds);
      }
      long lost = live.stream().filter(client -> !client.lives()).count();
      figures.put(what + ", lost of %,d connections".formatted(live.size()), (double) lost);
    }
    for (Client client : live) {
      client.close();
    }
  }

  private void updates(int perSecond, long begin) {
    long end = begin + TimeUnit.SECONDS.toNanos(settings.seconds());
    long pushed = 0;
    for (long now = begin; now < end; now = System.nanoTime()) {
      long due = (now - begin) * perSecond / TimeUnit.SECONDS.toNanos(1);
      for (; pushed < due; pushed++) {
        int service = (int) (pushed % services);
        plane.endpoint(service, pushed % 2 == 0 ? UPSTREAM_B : UPSTREAM_A);
      }
      pause(BETWEEN_MILLIS);
    }
  }
}
