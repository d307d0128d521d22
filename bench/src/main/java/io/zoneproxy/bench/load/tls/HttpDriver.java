package io.zoneproxy.bench.load.tls;

import io.netty.buffer.ByteBuf;
import io.zoneproxy.bench.load.Driver;
import io.zoneproxy.bench.load.Tally;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Requests over connections that stay: each answer is followed by the next request, or there is a
 * rate, or one request on each. A request that was due while none was free counts from the moment
 * at which it was due.
 */
final class HttpDriver implements Driver, HttpClient.Owner {
  /** Bursts make a proxy look cheaper: it wakes up less often. */
  private static final long SHORTEST_TICK_NANOS = 25_000;

  /** A few at a time, as no proxy's backlog holds thousands. */
  private static final int MOST_CONNECTING = 64;

  /** What follows an answer. */
  enum Pace {
    /** The next request. */
    LOOP,
    /** The next one when it is due. */
    RATE,
    /** Nothing. */
    ONCE
  }

  private final TlsSite site;
  private final Pace pace;
  private final boolean multiplexed;
  private final double nanosPerRequest;
  private final int wanted;
  private final Supplier<HttpClient> make;
  private final Tally tally = new Tally();
  private final Set<HttpClient> live = new HashSet<>();
  private final Deque<HttpClient> free = new ArrayDeque<>(); // once for each request it takes
  private final Deque<Long> waiting = new ArrayDeque<>();
  private int connecting;
  private int ready;
  private int answeredOnce;
  private int begun;
  private long beganNanos;
  private long issued;
  private boolean finishing;

  /**
   * Connects nothing yet.
   *
   * @param connections that stay
   * @param perSecond requests on all of them; 0 where the pace has no rate
   */
  HttpDriver(
      TlsSite site,
      Pace pace,
      boolean multiplexed,
      int connections,
      int perSecond,
      int answerBytes) {
    this.site = site;
    this.pace = pace;
    this.multiplexed = multiplexed;
    this.wanted = connections;
    this.nanosPerRequest = perSecond == 0 ? 0 : (double) TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.make = maker(this, multiplexed, answerBytes);
  }

  private static Supplier<HttpClient> maker(
      HttpClient.Owner owner, boolean multiplexed, int answerBytes) {
    if (multiplexed) {
      List<ByteBuf> blocks = Requests.http2(HandshakeDriver.HOST, answerBytes);
      return () -> new Http2Client(owner, blocks, answerBytes);
    }
    ByteBuf request = Requests.http1(HandshakeDriver.HOST, answerBytes);
    return () -> new Http1Client(owner, request, answerBytes);
  }

  @Override
  public void start() {
    connectMore();
  }

  private void connectMore() {
    while (begun < wanted && connecting < MOST_CONNECTING && !finishing) {
      begun++;
      connecting++;
      HttpClient client = make.get();
      live.add(client);
      site.connect(Ports.HTTP_EC, Certificates.KeyKind.EC, multiplexed, client);
    }
  }

  @Override
  public void onReady(HttpClient client) {
    connecting--;
    ready++;
    connectMore();
    if (finishing) {
      client.end();
    } else if (pace == Pace.RATE) {
      for (int i = 0; i < client.most(); i++) {
        free.add(client);
      }
      if (ready == wanted) {
        beganNanos = System.nanoTime();
        tick();
      }
    } else {
      int requests = pace == Pace.ONCE ? 1 : client.most();
      for (int i = 0; i < requests; i++) {
        client.request(System.nanoTime());
      }
    }
  }

  private void tick() {
    if (finishing) {
      return;
    }
    long due = (long) ((System.nanoTime() - beganNanos) / nanosPerRequest);
    for (; issued < due; issued++) {
      long at = beganNanos + (long) (issued * nanosPerRequest);
      HttpClient client = free.poll();
      if (client == null) {
        waiting.add(at);
      } else {
        client.request(at);
      }
    }
    long pause = Math.max(SHORTEST_TICK_NANOS, (long) nanosPerRequest);
    site.loop().events().schedule(this::tick, pause, TimeUnit.NANOSECONDS);
  }

  @Override
  public void onAnswer(HttpClient client, long dueNanos) {
    long now = System.nanoTime();
    tally.addTimed(now - dueNanos);
    answeredOnce++;
    if (finishing) {
      if (client.open() == 0) {
        client.end();
      }
    } else if (pace == Pace.LOOP) {
      client.request(now);
    } else if (pace == Pace.RATE) {
      Long next = waiting.poll();
      if (next == null) {
        free.add(client);
      } else {
        client.request(next);
      }
    }
  }

  @Override
  public void onClosed(HttpClient client) {
    live.remove(client);
  }

  @Override
  public void onFault(String text) {
    site.loop().faults().add("HTTP: " + text);
  }

  @Override
  public boolean isReady() {
    return pace == Pace.ONCE ? answeredOnce == wanted : ready == wanted;
  }

  @Override
  public void finish() {
    finishing = true;
    waiting.clear();
    for (HttpClient client : new ArrayList<>(live)) {
      if (client.open() == 0) {
        client.end();
      }
    }
  }

  @Override
  public boolean isFinished() {
    return live.isEmpty();
  }

  @Override
  public Tally tally() {
    return tally;
  }

  @Override
  public void close() {
    finishing = true;
    new ArrayList<>(live).forEach(HttpClient::end);
  }
}
