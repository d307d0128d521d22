package io.zoneproxy.bench.push;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a configuration of many services costs a proxy that gets it over gRPC. */
public final class PushMain {
  private PushMain() {}

  /**
   * Measures zoneproxy alone, then beside Envoy, in turns; prints tables.
   *
   * @param args options
   * @param envoy its binary; empty leaves it out
   * @throws IllegalArgumentException for an option that is none
   * @throws IOException when a proxy does not serve what it is sent
   */
  public static void run(List<String> args, Path repository, Optional<Path> envoy, PrintStream out)
      throws IOException {
    Settings settings = Settings.parse(args);
    Peer ours = new Peer.Zoneproxy(repository, settings.javaOptions());
    ours.prepare();
    try (Site site = new Site()) {
      site.add(PushRun.UPSTREAM_A, 'A');
      site.add(PushRun.UPSTREAM_B, 'B');
      if (settings.services() > 0) {
        Figures alone = PushRun.of(ours, settings.services(), settings);
        out.println(Figures.alone("%,d services".formatted(settings.services()), alone));
      }
      if (settings.besides() > 0 && envoy.isPresent()) {
        beside(ours, new Peer.Envoy(envoy.get()), settings, out);
      } else if (settings.besides() > 0) {
        out.println("Envoy is not installed (expected: bench/run setup)");
      }
    }
  }

  /** Each run as it comes: the last of them may be hours away, and never come. */
  private static Figures told(Peer peer, Settings settings, PrintStream out) throws IOException {
    Figures figures = PushRun.of(peer, settings.besides(), settings);
    String title = "%s, %,d services".formatted(peer.name(), settings.besides());
    out.println(Figures.alone(title, figures));
    return figures;
  }

  private static void beside(Peer ours, Peer envoy, Settings settings, PrintStream out)
      throws IOException {
    List<Figures> these = new ArrayList<>();
    List<Figures> those = new ArrayList<>();
    for (int round = 0; round < settings.rounds(); round++) {
      these.add(told(ours, settings, out));
      those.add(told(envoy, settings, out));
    }
    out.printf("%,d services, medians of %d rounds:%n%n", settings.besides(), settings.rounds());
    out.println(Figures.beside(ours.name(), these, envoy.name(), those));
  }
}
