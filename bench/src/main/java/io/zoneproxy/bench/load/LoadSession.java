package io.zoneproxy.bench.load;

import io.zoneproxy.bench.load.tls.Certificates;
import io.zoneproxy.bench.load.tls.ClientContexts;
import io.zoneproxy.bench.load.tls.TlsSite;
import io.zoneproxy.bench.load.tls.TlsUpstream;
import io.zoneproxy.bench.proc.Proc;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The upstream server, and one mix of works after the other against a proxy. For one thread, which
 * waits; the work is done on the loop's.
 */
public final class LoadSession implements AutoCloseable {
  /** 5,000 connections through a slow proxy take 2 s; who needs longer hangs. */
  private static final int PATIENCE_SECONDS = 30;

  /** Between two looks whether something has come about; nothing is measured meanwhile. */
  private static final int LOOK_MILLIS = 5;

  private final LoadLoop loop = new LoadLoop();
  private final Hello hello;
  private final Upstream upstream;
  private final @Nullable ClientContexts clients;
  private final @Nullable TlsUpstream tlsUpstream;
  private final List<Integer> own = List.of((int) ProcessHandle.current().pid());
  private final List<Driver> drivers = new ArrayList<>();

  /**
   * Starts the upstream server.
   *
   * @param address port 0 takes a free one
   * @param serverName in each ClientHello
   */
  public LoadSession(InetSocketAddress address, String serverName) throws IOException {
    this(address, serverName, Optional.empty());
  }

  /**
   * Starts the upstream server, and with certificates those behind TLS that is ended.
   *
   * @param address port 0 takes a free one
   * @param serverName in each ClientHello
   */
  public LoadSession(
      InetSocketAddress address, String serverName, Optional<Certificates> certificates)
      throws IOException {
    hello = Hello.withServerName(serverName);
    upstream = onLoop(() -> Upstream.listen(loop, address, hello.bytes()), 0);
    if (certificates.isPresent()) {
      clients = new ClientContexts(certificates.get(), serverName);
      tlsUpstream = onLoop(() -> TlsUpstream.listen(loop, address), 0);
    } else {
      clients = null;
      tlsUpstream = null;
    }
  }

  /** The upstream server's. */
  public InetSocketAddress upstreamAddress() {
    return upstream.address();
  }

  /**
   * Starts works, and waits until all their connections are there.
   *
   * @param target the proxy
   * @throws IOException when they do not come about; {@link #stop} has to be called all the same
   */
  public void start(InetSocketAddress target, List<Work> works) throws IOException {
    Site site = new Site(loop, upstream, target, hello, tls(target));
    onLoop(
        () -> {
          for (Work work : works) {
            drivers.add(work.driver(site));
          }
          for (Driver driver : drivers) {
            driver.start();
          }
          return true;
        },
        0);
    boolean settled =
        comesAbout(() -> loop.faults().count() > 0 || drivers.stream().allMatch(Driver::isReady));
    if (!settled || !onLoop(() -> drivers.stream().allMatch(Driver::isReady), 0)) {
      throw new IOException("not all connections came about: " + faults());
    }
  }

  private @Nullable TlsSite tls(InetSocketAddress target) {
    return clients == null || tlsUpstream == null
        ? null
        : new TlsSite(loop, target, clients, tlsUpstream);
  }

  /**
   * Measures.
   *
   * @param warmMillis before the interval
   * @param millis of the interval
   * @param pids whose CPU counts
   */
  public Measured measure(long warmMillis, long millis, List<Integer> pids) throws IOException {
    double[] before = onLoop(() -> begin(pids), warmMillis);
    return onLoop(() -> end(before, pids), millis);
  }

  private double[] begin(List<Integer> pids) {
    drivers.forEach(Driver::begin);
    return clocks(pids);
  }

  private Measured end(double[] before, List<Integer> pids) {
    double[] after = clocks(pids);
    List<Measured.Figure> figures = drivers.stream().map(LoadSession::figure).toList();
    return new Measured(after[0] - before[0], after[1] - before[1], after[2] - before[2], figures);
  }

  private double[] clocks(List<Integer> pids) {
    double now = System.nanoTime() / (double) TimeUnit.SECONDS.toNanos(1);
    return new double[] {now, Proc.HERE.cpuSeconds(pids), Proc.HERE.cpuSeconds(own)};
  }

  private static Measured.Figure figure(Driver driver) {
    Tally tally = driver.tally();
    return new Measured.Figure(tally.units(), tally.latency(50), tally.latency(99));
  }

  /**
   * Ends the works and checks that nothing was lost.
   *
   * @return what went wrong since the last time; "" when nothing did
   */
  public String stop() throws IOException {
    onLoop(
        () -> {
          for (Driver driver : drivers) {
            driver.finish();
          }
          return true;
        },
        0);
    boolean finished = comesAbout(() -> drivers.stream().allMatch(Driver::isFinished));
    return onLoop(
        () -> {
          if (!finished) {
            loop.faults().add("connections did not end in " + PATIENCE_SECONDS + " s");
          }
          drivers.forEach(Driver::close);
          drivers.clear();
          String text = faults();
          loop.faults().clear();
          return text;
        },
        0);
  }

  private String faults() {
    Faults faults = loop.faults();
    return faults.count() == 0 ? "" : faults.count() + " faults, first: " + faults.first();
  }

  private boolean comesAbout(Callable<Boolean> condition) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < deadline) {
      if (onLoop(condition, LOOK_MILLIS)) {
        return true;
      }
    }
    return false;
  }

  private <T> T onLoop(Callable<T> task, long delayMillis) throws IOException {
    try {
      return loop.events().schedule(task, delayMillis, TimeUnit.MILLISECONDS).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }

  @Override
  public void close() {
    loop.close();
  }
}
