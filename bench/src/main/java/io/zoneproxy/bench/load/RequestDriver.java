package io.zoneproxy.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Requests at a fixed rate over connections that stay. A request that was due while the machine was
 * busy counts from the moment at which it was due, not at which it was sent.
 */
final class RequestDriver implements Driver {
  /** Ticks cost the generator CPU, but bursts make a proxy look cheaper: it wakes up less often. */
  private static final long SHORTEST_TICK_NANOS = 25_000;

  /** Half of the smallest backlog that is usual (128). */
  private static final int MOST_CONNECTING = 64;

  private final Site site;
  private final double nanosPerRequest;
  private final Tally tally = new Tally();
  private final List<RequestConnection> connections = new ArrayList<>();
  private final Message opening;
  private final Message request;
  private long beganNanos;
  private long issued;
  private boolean finishing;

  /**
   * Connects nothing yet.
   *
   * @param connections that the requests are dealt to in turn
   * @param perSecond requests on all of them; 0 sends one on each, at the start, and no more
   * @param request each of them
   */
  RequestDriver(Site site, int connections, int perSecond, Request request) {
    this.site = site;
    this.nanosPerRequest = perSecond == 0 ? 0 : (double) TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.opening = site.opening(request);
    this.request = site.following(request);
    for (int i = 0; i < connections; i++) {
      this.connections.add(
          new RequestConnection(site, opening, this.request, request.bytes(), tally));
    }
  }

  @Override
  public void start() {
    beganNanos = System.nanoTime();
    connectMore(0);
  }

  /** A few at a time, as no proxy's backlog holds thousands. */
  private void connectMore(int from) {
    int open = from;
    while (open < connections.size() && open - ready() < MOST_CONNECTING && !finishing) {
      connections.get(open++).connect();
    }
    int next = open;
    if (next < connections.size() && !finishing) {
      site.loop().events().schedule(() -> connectMore(next), 1, TimeUnit.MILLISECONDS);
    } else if (nanosPerRequest > 0) {
      beganNanos = System.nanoTime();
      tick();
    }
  }

  private int ready() {
    return (int) connections.stream().filter(RequestConnection::isReady).count();
  }

  private void tick() {
    if (finishing) {
      return;
    }
    long due = (long) ((System.nanoTime() - beganNanos) / nanosPerRequest);
    for (; issued < due; issued++) {
      RequestConnection next = connections.get((int) (issued % connections.size()));
      next.request(beganNanos + (long) (issued * nanosPerRequest));
    }
    long pause = Math.max(SHORTEST_TICK_NANOS, (long) nanosPerRequest);
    site.loop().events().schedule(this::tick, pause, TimeUnit.NANOSECONDS);
  }

  @Override
  public boolean isReady() {
    return ready() == connections.size();
  }

  @Override
  public void finish() {
    finishing = true;
    connections.forEach(RequestConnection::finish);
  }

  @Override
  public boolean isFinished() {
    return connections.stream().allMatch(RequestConnection::isFinished);
  }

  @Override
  public Tally tally() {
    return tally;
  }

  @Override
  public void close() {
    finishing = true;
    connections.forEach(RequestConnection::close);
    opening.close();
    request.close();
  }
}
