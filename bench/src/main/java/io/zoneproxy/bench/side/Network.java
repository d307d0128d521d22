package io.zoneproxy.bench.side;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The network namespace that the harness runs in, which the start script made for it. */
final class Network {
  private static final Path SETTINGS = Path.of("/proc/sys/net/ipv4");

  /** Two lines of titles, then one for each device: a new namespace has loopback only. */
  private static final Path DEVICES = Path.of("/proc/net/dev");

  private static final int DEVICES_HEADER = 2;

  private Network() {}

  /**
   * Brings loopback up and sets what every run needs the same.
   *
   * @throws IOException when the namespace is the machine's own, whose settings are not ours
   */
  static void prepare() throws IOException {
    if (Files.readAllLines(DEVICES).size() > DEVICES_HEADER + 1) {
      throw new IOException("this is the machine's own network (expected: start by bench/run)");
    }
    Commands.run(List.of("ip", "link", "set", "lo", "up"));
    // bbr paces loopback at a quarter of what it can
    set("tcp_congestion_control", "reno");
    // 28,000 ports, the default, are used up by a second of connections in TIME_WAIT
    set("ip_local_port_range", "10000 65000");
  }

  private static void set(String name, String value) throws IOException {
    Files.writeString(SETTINGS.resolve(name), value);
  }
}
