package io.zoneproxy.bench.terminate;

import io.zoneproxy.bench.load.tls.Certificates;
import io.zoneproxy.bench.side.Launch;
import io.zoneproxy.bench.side.Peer;
import io.zoneproxy.bench.side.Place;
import io.zoneproxy.bench.side.Zoneproxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * zoneproxy's egress with the launcher's JVM settings, but a main class of the bench's, which gives
 * it the configuration that a control plane would push.
 */
final class EndingZoneproxy implements Peer {
  // What the program says to Netty, and its manifest to the JVM: neither of them is here.
  private static final String AS_IN_THE_JAR =
      "-Dio.netty.leakDetection.level=disabled -Dio.netty.tryReflectionSetAccessible=true"
          + " --add-opens=java.base/java.nio=ALL-UNNAMED";

  private final Path repository;
  private final String javaOptions;
  private final Certificates certificates;

  EndingZoneproxy(Path repository, String javaOptions, Certificates certificates) {
    this.repository = repository;
    this.javaOptions = javaOptions;
    this.certificates = certificates;
  }

  @Override
  public String name() {
    return Zoneproxy.NAME;
  }

  @Override
  public String title() {
    return Zoneproxy.NAME;
  }

  @Override
  public Optional<String> absence() {
    return Optional.empty();
  }

  @Override
  public boolean takes(int loops) {
    return true;
  }

  /** What stands behind a main class on the command line is the program's. */
  @Override
  public Optional<Launch> prepare(Place place) {
    String launcher = repository.resolve("config/bin/zoneproxy").toString();
    String main =
        String.join(
            " ",
            AS_IN_THE_JAR,
            javaOptions,
            "-cp",
            System.getProperty("java.class.path"),
            EndingMain.class.getName(),
            String.valueOf(place.port()),
            String.valueOf(place.upstreamPort()),
            place.serverName(),
            certificates.folder().toString(),
            String.valueOf(place.loops()));
    return Optional.of(
        new Launch(
            List.of(launcher),
            Map.of(
                "ZONEPROXY_JAR", launcher, // any file: it is not run
                "ZONEPROXY_CDS_DIR", "off", // made for another class path
                "ZONEPROXY_JAVA_OPTS", main)));
  }

  @Override
  public List<String> versionCommand() {
    return List.of();
  }
}
