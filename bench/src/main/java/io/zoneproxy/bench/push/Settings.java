package io.zoneproxy.bench.push;

import java.util.List;

/**
 * What the command line says.
 *
 * @param services in the configuration that zoneproxy gets alone
 * @param besides of them in the one that both get, in turns; 0 = Envoy is left out
 * @param rounds of the latter
 * @param seconds of each sustained load
 * @param connections that live through it
 * @param javaOptions for zoneproxy's JVM beside the launcher's own
 */
record Settings(
    int services, int besides, int rounds, int seconds, int connections, String javaOptions) {
  private static final Settings DEFAULT =
      new Settings(
          100_000, 10_000, 3, 60, 5_000, "-Xms1g -Xmx1g -Xmn320m -XX:MaxDirectMemorySize=1g");

  static Settings parse(List<String> args) {
    Settings settings = DEFAULT;
    for (String arg : args) {
      int equals = arg.indexOf('=');
      settings = settings.with(arg, arg.substring(0, Math.max(equals, 0)), equals + 1);
    }
    return settings;
  }

  private Settings with(String arg, String name, int at) {
    String text = arg.substring(at);
    return switch (name) {
      case "--services" -> settings(number(arg, text), besides, rounds, seconds, connections);
      case "--besides" -> settings(services, number(arg, text), rounds, seconds, connections);
      case "--rounds" -> settings(services, besides, number(arg, text), seconds, connections);
      case "--seconds" -> settings(services, besides, rounds, number(arg, text), connections);
      case "--connections" -> settings(services, besides, rounds, seconds, number(arg, text));
      case "--java-opts" -> new Settings(services, besides, rounds, seconds, connections, text);
      default ->
          throw new IllegalArgumentException(
              arg
                  + " (expected: --services=N, --besides=N, --rounds=N, --seconds=N,"
                  + " --connections=N or --java-opts=TEXT)");
    };
  }

  private Settings settings(int of, int both, int times, int load, int live) {
    return new Settings(of, both, times, load, live, javaOptions);
  }

  private static int number(String arg, String text) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new IllegalArgumentException(arg + " (expected: a number, 0 or more)");
  }
}
