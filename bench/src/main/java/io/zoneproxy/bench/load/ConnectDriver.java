package io.zoneproxy.bench.load;

import java.util.ArrayList;
import java.util.List;

/** New connections, so many at a time: ClientHello, one answer, FIN. */
final class ConnectDriver implements Driver {
  private final Tally tally = new Tally();
  private final List<ConnectSlot> slots = new ArrayList<>();
  private final Message opening;

  /**
   * Connects nothing yet.
   *
   * @param atATime connections open at once
   * @param answerBytes length of each answer
   */
  ConnectDriver(Site site, int atATime, long answerBytes) {
    opening = site.opening(new Request(Request.Kind.ANSWER_AND_CLOSE, 0, answerBytes, 0));
    for (int i = 0; i < atATime; i++) {
      slots.add(new ConnectSlot(site, opening, answerBytes, tally));
    }
  }

  @Override
  public void start() {
    slots.forEach(ConnectSlot::next);
  }

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public void finish() {
    slots.forEach(ConnectSlot::finish);
  }

  @Override
  public boolean isFinished() {
    return slots.stream().allMatch(ConnectSlot::isFinished);
  }

  @Override
  public Tally tally() {
    return tally;
  }

  @Override
  public void close() {
    slots.forEach(ConnectSlot::close);
    opening.close();
  }
}
