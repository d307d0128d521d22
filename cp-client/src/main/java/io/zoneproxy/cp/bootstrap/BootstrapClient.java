package io.zoneproxy.cp.bootstrap;

import io.netty.channel.EventLoopGroup;
import io.zoneproxy.cp.bootstrap.BootstrapException.Retry;
import io.zoneproxy.cp.trust.NameRule;
import io.zoneproxy.cp.trust.Trust;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the control plane for the bootstrap. Blocks; for any thread but event loops. */
public final class BootstrapClient {
  private static final Logger log = LoggerFactory.getLogger(BootstrapClient.class);

  /** As kuma-dp's, for the whole call. */
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** Longest pause between calls that leave the token in the control plane's log. */
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private static final String PATH = "/bootstrap";
  private static final String SCHEME = "https";
  private static final int DEFAULT_PORT = 443; // of https
  private static final int OK = 200;

  private final URI address;
  private final String host;
  private final int port;
  private final Trust trust;
  private final EventLoopGroup loops;
  private final Duration timeout;
  private final Refusal refusal;

  /**
   * Connects to nothing yet.
   *
   * @param address scheme, host and port count; the path does not, as with kuma-dp
   * @param trust whom to trust
   * @param loops for its sockets; NIO
   */
  public BootstrapClient(URI address, Trust trust, EventLoopGroup loops) {
    this(address, trust, loops, TIMEOUT);
  }

  /** With a timeout for tests. */
  BootstrapClient(URI address, Trust trust, EventLoopGroup loops, Duration timeout) {
    String given = String.valueOf(address.getHost());
    this.address = address;
    this.host = given.startsWith("[") ? given.substring(1, given.length() - 1) : given;
    this.port = address.getPort() < 0 ? DEFAULT_PORT : address.getPort();
    this.trust = trust;
    this.loops = loops;
    this.timeout = timeout;
    this.refusal = new Refusal(given + ":" + port);
  }

  /**
   * Calls until there is an answer, an error that stays, or the budget is spent.
   *
   * @param serving whether something is served meanwhile: the caller then calls again
   * @throws BootstrapException with what was wrong the last time, in words that say what to do
   * @throws InterruptedException when the thread is to end
   */
  public Bootstrap fetch(BootstrapRequest request, Retries retries, boolean serving)
      throws BootstrapException, InterruptedException {
    long begun = System.nanoTime();
    Duration pause = retries.period();
    String said = "";
    String limit =
        serving
            ? "for as long as it takes: what is on disk serves"
            : "for %d s at most".formatted(retries.budget().toSeconds());
    while (true) {
      try {
        return call(request);
      } catch (BootstrapException e) {
        Duration spent = Duration.ofNanos(System.nanoTime() - begun).plus(pause);
        if (!e.worthRetrying() || spent.compareTo(retries.budget()) > 0) {
          throw e;
        }
        said = tell(said, String.valueOf(e.getMessage()), limit);
        TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        pause = e.retry() == Retry.RARELY ? longer(pause) : retries.period();
      }
    }
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }

  private static String tell(String before, String problem, String limit) {
    if (problem.equals(before)) {
      log.debug("control plane {}", problem);
    } else {
      log.warn("control plane {}; trying again, {}", problem, limit);
    }
    return problem;
  }

  /**
   * Calls once.
   *
   * @throws BootstrapException with what is wrong, in words that say what to do
   * @throws InterruptedException when the thread is to end
   */
  public Bootstrap call(BootstrapRequest request) throws BootstrapException, InterruptedException {
    if (!SCHEME.equals(address.getScheme()) || address.getHost() == null) {
      throw new BootstrapException(
          address + ": no address of a control plane (expected: https://host:5678)", Retry.NEVER);
    }
    HttpPost.Answer answer;
    try {
      answer = post(request.toJson());
    } catch (IOException e) {
      throw refusal.of(e);
    }
    if (answer.status() != OK) {
      throw refusal.of(answer.status(), answer.body(), request);
    }
    return Bootstrap.read(answer.body());
  }

  /** A name may have several addresses: the next one is tried where nobody can be reached. */
  private HttpPost.Answer post(String json) throws IOException, InterruptedException {
    InetAddress[] addresses = InetAddress.getAllByName(host);
    Duration share = timeout.dividedBy(addresses.length);
    HttpPost post =
        new HttpPost(loops, trust.context(host, NameRule.USUAL), host, PATH, json, share);
    IOException last = new UnknownHostException(host);
    for (InetAddress each : addresses) {
      try {
        return post.to(new InetSocketAddress(each, port));
      } catch (ConnectException | SocketTimeoutException e) {
        last = e;
      }
    }
    throw last;
  }
}
