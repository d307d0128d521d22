package io.zoneproxy.bench.side;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** HAProxy in TCP mode, routing by SNI. */
public final class Haproxy implements Peer {
  /** Of the rows that all others are compared with. */
  static final String NAME = "haproxy";

  static final String SPLICE_NAME = "haproxy-splice";

  /** More than any workload opens; it wants some three descriptors each before it starts. */
  private static final int MAX_CONNECTIONS = 7000;

  private final boolean splice;

  /**
   * One of the two rows.
   *
   * @param splice always, through pipes of 1 MiB; it is never on by default, and splice-auto does
   *     not begin to splice in 2.6
   */
  public Haproxy(boolean splice) {
    this.splice = splice;
  }

  @Override
  public String name() {
    return splice ? SPLICE_NAME : NAME;
  }

  @Override
  public String title() {
    return splice ? "HAProxy, forced splice" : "HAProxy, default";
  }

  @Override
  public Optional<String> absence() {
    return Programs.absence("haproxy");
  }

  @Override
  public boolean takes(int loops) {
    return true;
  }

  @Override
  public Optional<Launch> prepare(Place place) throws IOException {
    return Optional.of(launch(place, configuration(place)));
  }

  /** How it is started with this configuration, which is written to its folder. */
  public Launch launch(Place place, String configuration) throws IOException {
    Path file = place.folder().resolve("haproxy.cfg");
    Files.writeString(file, configuration);
    String program = Programs.find("haproxy").orElseThrow().toString();
    return Launch.of(program, "-db", "-f", file.toString());
  }

  String configuration(Place place) {
    return String.join(
        "\n",
        "global",
        "  nbthread " + place.loops(),
        "  maxconn " + MAX_CONNECTIONS,
        splice ? "  tune.pipesize 1048576" : "",
        "defaults",
        "  mode tcp",
        "  timeout connect 5s",
        "  timeout client 1h",
        "  timeout server 1h",
        splice ? "  option splice-request\n  option splice-response" : "",
        "frontend downstream",
        "  bind " + place.listen() + " backlog 4096",
        "  tcp-request inspect-delay 5s",
        "  tcp-request content accept if { req.ssl_hello_type 1 }",
        "  use_backend upstream if { req.ssl_sni -i " + place.serverName() + " }",
        "backend upstream",
        "  server one " + place.upstream(),
        "");
  }

  @Override
  public List<String> versionCommand() {
    return List.of("haproxy", "-v");
  }
}
