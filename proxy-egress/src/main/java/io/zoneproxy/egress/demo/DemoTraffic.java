package io.zoneproxy.egress.demo;

import io.zoneproxy.egress.demo.DemoWorld.Flow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Sends the requests, both directions at a time, and judges the answers. */
final class DemoTraffic {
  /** In a row: whatever is broken then stays broken, and each may take seconds to fail. */
  private static final int GIVE_UP_AFTER = 10;

  private final DemoWorld world;
  private final DemoZoneProxies proxies;
  private final DemoClient client;
  private final DemoTally tally;
  private volatile boolean abandoned;

  DemoTraffic(DemoWorld world, DemoZoneProxies proxies, DemoClient client, DemoTally tally) {
    this.world = world;
    this.proxies = proxies;
    this.client = client;
    this.tally = tally;
  }

  /**
   * Sends a number of requests, half of them from each zone (the first zone gets an odd one), one
   * thread a zone. A zone whose requests fail many times in a row gives up.
   *
   * @param stop ends it early
   * @return whether all were sent and answered rightly
   */
  boolean send(int requests, CountDownLatch stop) throws InterruptedException {
    int zones = DemoWorld.ZONES.size();
    List<Sender> senders = new ArrayList<>(zones);
    for (int i = 0; i < zones; i++) {
      int share = requests / zones + (i < requests % zones ? 1 : 0);
      senders.add(new Sender(DemoWorld.ZONES.get(i), share, stop));
    }
    senders.forEach(Thread::start);
    boolean right = true;
    try {
      for (Sender sender : senders) {
        sender.join();
        right &= sender.allRight;
      }
    } catch (InterruptedException e) {
      abandoned = true; // what they use is about to go
      for (Sender sender : senders) {
        sender.join();
      }
      throw e;
    }
    return right;
  }

  /**
   * Sends one request and counts it.
   *
   * @return what was wrong, or empty
   */
  Optional<String> send(Flow flow) {
    Optional<String> wrong = Optional.empty();
    try {
      String path = "/from/" + flow.from();
      DemoClient.Answer answer =
          client.get(proxies.egress(flow.from()), flow.serverName(), flow.service(), path);
      wrong = judge(flow, path, answer);
      if (wrong.isEmpty()) {
        tally.right(flow, answer.instance());
      }
    } catch (IOException e) {
      wrong = Optional.of(String.valueOf(e.getMessage()));
    }
    wrong.ifPresent(why -> tally.wrong(flow, why));
    return wrong;
  }

  private Optional<String> judge(Flow flow, String path, DemoClient.Answer answer) {
    boolean target =
        world.targets(flow).stream()
            .anyMatch(
                instance ->
                    instance.name().equals(answer.instance())
                        && instance.zone().equals(answer.zone())
                        && instance.version().equals(answer.version()));
    if (!target) {
      return Optional.of("answered by %s of %s".formatted(answer.instance(), answer.zone()));
    }
    if (!answer.caller().equals(DemoNames.spiffeId(DemoCertificates.CLIENT))) {
      return Optional.of("the service took us for " + answer.caller());
    }
    return answer.path().equals(path)
        ? Optional.empty()
        : Optional.of("answered for the path " + answer.path());
  }

  /** Sends one zone's share, its flows in turn. */
  private final class Sender extends Thread {
    private final List<Flow> flows;
    private final int count;
    private final CountDownLatch stop;
    private boolean allRight; // read by others after join() only

    Sender(String zone, int count, CountDownLatch stop) {
      super("demo-client-" + zone);
      setDaemon(true);
      this.flows = DemoWorld.flows().stream().filter(flow -> flow.from().equals(zone)).toList();
      this.count = count;
      this.stop = stop;
    }

    @Override
    public void run() {
      int wrong = 0;
      int inRow = 0;
      int sent = 0;
      while (sent < count && inRow < GIVE_UP_AFTER && !abandoned && stop.getCount() > 0) {
        boolean right = DemoTraffic.this.send(flows.get(sent % flows.size())).isEmpty();
        inRow = right ? 0 : inRow + 1;
        wrong += right ? 0 : 1;
        sent++;
      }
      allRight = sent == count && wrong == 0;
    }
  }
}
