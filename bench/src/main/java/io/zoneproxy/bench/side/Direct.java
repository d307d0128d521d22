package io.zoneproxy.bench.side;

import java.util.List;
import java.util.Optional;

/** No proxy: the clients dial the upstream server. What the generator itself can do. */
final class Direct implements Peer {
  static final String NAME = "direct";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String title() {
    return "no proxy";
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
    return Optional.empty();
  }

  @Override
  public List<String> versionCommand() {
    return List.of();
  }
}
