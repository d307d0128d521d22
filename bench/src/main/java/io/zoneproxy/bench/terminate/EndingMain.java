package io.zoneproxy.bench.terminate;

import io.zoneproxy.bench.load.tls.Certificates;
import io.zoneproxy.bench.side.Place;
import io.zoneproxy.core.model.HostPort;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** {@link EndingProxy} as a process; runs until it is killed. */
public final class EndingMain {
  private EndingMain() {}

  /**
   * Serves.
   *
   * @param args port, the upstream's port, server name, folder of certificates, event loops
   */
  public static void main(String[] args) throws InterruptedException {
    EndedChains chains =
        new EndedChains(
            new HostPort(Place.HOST, Integer.parseInt(args[0])),
            new HostPort(Place.HOST, Integer.parseInt(args[1])),
            args[2],
            new Certificates(Path.of(args[3])));
    EndingProxy proxy = new EndingProxy(chains, Integer.parseInt(args[4]));
    try {
      new CountDownLatch(1).await();
    } finally {
      proxy.close();
    }
  }
}
