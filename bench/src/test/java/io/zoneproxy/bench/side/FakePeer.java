package io.zoneproxy.bench.side;

import io.zoneproxy.bench.load.LoadMain;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A process that listens at its port, or one that ends at once. */
final class FakePeer implements Peer {
  private final boolean broken;

  FakePeer(boolean broken) {
    this.broken = broken;
  }

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public String title() {
    return "a fake";
  }

  @Override
  public Optional<String> absence() {
    return Optional.empty();
  }

  @Override
  public boolean takes(int loops) {
    return true;
  }

  @Override
  public Optional<Launch> prepare(Place place) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return Optional.of(
        broken
            ? Launch.of("sh", "-c", "echo no such directive; exit 3")
            : Launch.of(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                LoadMain.class.getName(),
                place.listen(),
                place.serverName()));
  }

  @Override
  public List<String> versionCommand() {
    return List.of();
  }
}
