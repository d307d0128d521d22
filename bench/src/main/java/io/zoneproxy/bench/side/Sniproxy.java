package io.zoneproxy.bench.side;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** sniproxy, which has one thread only. */
final class Sniproxy implements Peer {
  @Override
  public String name() {
    return "sniproxy";
  }

  @Override
  public String title() {
    return "sniproxy";
  }

  @Override
  public Optional<String> absence() {
    return Programs.absence("sniproxy");
  }

  @Override
  public boolean takes(int loops) {
    return loops == 1;
  }

  @Override
  public Optional<Launch> prepare(Place place) throws IOException {
    Path file = place.folder().resolve("sniproxy.conf");
    Files.writeString(file, configuration(place));
    String program = Programs.find("sniproxy").orElseThrow().toString();
    return Optional.of(Launch.of(program, "-f", "-c", file.toString()));
  }

  String configuration(Place place) {
    return String.join(
        "\n",
        "user root",
        "error_log {",
        "  filename " + place.folder().resolve("error.log"),
        "}",
        "listener " + place.listen() + " {",
        "  protocol tls",
        "  table routes",
        "}",
        "table routes {",
        "  " + place.serverName() + " " + place.upstream(),
        "}",
        "");
  }

  @Override
  public List<String> versionCommand() {
    return List.of("sniproxy", "-V");
  }
}
