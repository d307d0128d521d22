package io.zoneproxy.bench.terminate;

import io.zoneproxy.bench.side.Launch;
import io.zoneproxy.bench.side.Peer;
import io.zoneproxy.bench.side.Place;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A program that is measured where it only relays too, with a configuration that ends TLS. */
final class EndingPeer implements Peer {
  private final Peer program;
  private final String title;
  private final Start start;

  /** Writes the configuration, and says how the program is started with it. */
  @FunctionalInterface
  interface Start {
    Launch launch(Place place) throws IOException;
  }

  /**
   * The same program.
   *
   * @param title the one that it has here
   */
  EndingPeer(Peer program, String title, Start start) {
    this.program = program;
    this.title = title;
    this.start = start;
  }

  @Override
  public String name() {
    return program.name();
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public Optional<String> absence() {
    return program.absence();
  }

  @Override
  public boolean takes(int loops) {
    return program.takes(loops);
  }

  @Override
  public Optional<Launch> prepare(Place place) throws IOException {
    return Optional.of(start.launch(place));
  }

  @Override
  public List<String> versionCommand() {
    return program.versionCommand();
  }
}
