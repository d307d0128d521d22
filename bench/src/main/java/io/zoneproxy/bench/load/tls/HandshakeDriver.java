package io.zoneproxy.bench.load.tls;

import io.netty.buffer.ByteBuf;
import io.zoneproxy.bench.load.Driver;
import io.zoneproxy.bench.load.Tally;
import java.util.HashSet;
import java.util.Set;

/** New connections, so many at a time: a whole handshake, one request, its answer, the end. */
final class HandshakeDriver implements Driver, HttpClient.Owner {
  /** What all requests are addressed to. */
  static final String HOST = "ext.bench";

  private final TlsSite site;
  private final Certificates.KeyKind key;
  private final int atATime;
  private final int answerBytes;
  private final ByteBuf request;
  private final Tally tally = new Tally();
  private final Set<HttpClient> live = new HashSet<>();
  private boolean finishing;

  HandshakeDriver(TlsSite site, Certificates.KeyKind key, int atATime, int answerBytes) {
    this.site = site;
    this.key = key;
    this.atATime = atATime;
    this.answerBytes = answerBytes;
    this.request = Requests.http1(HOST, answerBytes);
  }

  /** Knows when it began. */
  private static final class Began implements HttpClient.Owner {
    private final HandshakeDriver driver;
    private final long beganNanos = System.nanoTime();

    Began(HandshakeDriver driver) {
      this.driver = driver;
    }

    @Override
    public void onReady(HttpClient client) {
      client.request(beganNanos);
    }

    @Override
    public void onAnswer(HttpClient client, long dueNanos) {
      driver.onAnswer(client, dueNanos);
    }

    @Override
    public void onClosed(HttpClient client) {
      driver.onClosed(client);
    }

    @Override
    public void onFault(String text) {
      driver.onFault(text);
    }
  }

  @Override
  public void start() {
    for (int i = 0; i < atATime; i++) {
      next();
    }
  }

  private void next() {
    HttpClient client = new Http1Client(new Began(this), request, answerBytes);
    live.add(client);
    site.connect(
        key == Certificates.KeyKind.EC ? Ports.HTTP_EC : Ports.HTTP_RSA, key, false, client);
  }

  @Override
  public void onReady(HttpClient client) {
    throw new IllegalStateException("told to another one");
  }

  @Override
  public void onAnswer(HttpClient client, long dueNanos) {
    tally.addTimed(System.nanoTime() - dueNanos);
    client.end();
  }

  @Override
  public void onClosed(HttpClient client) {
    live.remove(client);
    if (!finishing) {
      next();
    }
  }

  /** The next one would fail, too. */
  @Override
  public void onFault(String text) {
    finishing = true;
    site.loop().faults().add("handshake: " + text);
  }

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public void finish() {
    finishing = true;
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
    Set.copyOf(live).forEach(HttpClient::end);
  }
}
