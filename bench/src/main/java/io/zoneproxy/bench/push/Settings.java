package io.zoneproxy.bench.push;

import java.util.ArrayList;
import java.util.List;

/**
 * Of one run.
 *
 * @param services in the first configuration
 * @param seconds of each sustained load
 * @param connections that live through it
 * @param port of the listener
 * @param command starts zoneproxy, as far as {@code run}
 */
record Settings(int services, int seconds, int connections, int port, List<String> command) {
  private static final int PORT = 20_900;

  static Settings parse(List<String> args) {
    int services = 100_000;
    int seconds = 60;
    int connections = 5_000;
    List<String> command = new ArrayList<>();
    for (String arg : args) {
      int equals = arg.indexOf('=');
      String name = equals < 0 ? arg : arg.substring(0, equals);
      if (!command.isEmpty() || equals < 0) {
        command.add(arg);
      } else {
        int value = Integer.parseInt(arg.substring(equals + 1));
        switch (name) {
          case "services" -> services = value;
          case "seconds" -> seconds = value;
          case "connections" -> connections = value;
          default ->
              throw new IllegalArgumentException(
                  arg + " (expected: services=N, seconds=N, connections=N, then a command)");
        }
      }
    }
    if (command.isEmpty()) {
      throw new IllegalArgumentException("no command (expected: java … -jar egress.jar run)");
    }
    return new Settings(services, seconds, connections, PORT, List.copyOf(command));
  }
}
