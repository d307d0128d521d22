package io.zoneproxy.bench.side;

import java.nio.file.Path;
import java.util.List;

/** All peers. */
public final class Peers {
  private Peers() {}

  /** In the report's order. */
  static List<Peer> all(Path repository, String javaOptions) {
    return List.of(
        new Direct(),
        new Haproxy(false),
        new Haproxy(true),
        new Nginx(),
        new Sniproxy(),
        new Envoy(envoyFolder(repository)),
        new Zoneproxy(repository, javaOptions));
  }

  /** Where the set-up unpacks Envoy. */
  public static Path envoyFolder(Path repository) {
    return repository.resolve("bench/target/peers/envoy");
  }

  /**
   * Those with these names; all when there is none.
   *
   * @throws IllegalArgumentException for a name that is no peer's
   */
  static List<Peer> of(List<Peer> all, List<String> names) {
    List<String> known = all.stream().map(Peer::name).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException("--peers: " + name + " (expected: of " + known + ")");
      }
    }
    return all.stream().filter(peer -> names.isEmpty() || names.contains(peer.name())).toList();
  }
}
