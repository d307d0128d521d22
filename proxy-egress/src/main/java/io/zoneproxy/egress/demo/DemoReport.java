package io.zoneproxy.egress.demo;

import io.zoneproxy.egress.demo.DemoWorld.Flow;
import io.zoneproxy.egress.demo.DemoWorld.Instance;
import io.zoneproxy.egress.demo.outside.OutsideCalls;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The demo's words: what runs, what went where, what to try. ASCII only. */
final class DemoReport {
  private static final int PERCENT = 100;

  /** Columns that hold numbers, from this one on, are flush right. */
  private static final int FIRST_NUMBER = 3;

  private static final List<String> HEAD =
      List.of("direction", "server name", "answered by", "requests", "share", "expected");

  private final DemoWorld world;
  private final DemoZoneProxies proxies;

  DemoReport(DemoWorld world, DemoZoneProxies proxies) {
    this.world = world;
    this.proxies = proxies;
  }

  /** What runs where. */
  String intro(String page) {
    StringBuilder text = new StringBuilder("zoneproxy demo");
    text.append(": mesh default in two zones, all in this process, on 127.0.0.1\n\n");
    for (String zone : DemoWorld.ZONES) {
      text.append(
          "  zone %s   egress %s   ingress %s\n".formatted(zone, egress(zone), ingress(zone)));
      text.append("    ").append(services(zone)).append('\n');
    }
    text.append("\n  watch   ").append(page).append('\n');
    text.append("  files   ").append(world.folder());
    text.append(" (certificates and resource files, deleted at the end)\n\n");
    text.append("  client of east -> egress of east -> ingress of west -> service in west,\n");
    text.append("  and the same from west to east; TLS goes from the client to the service,\n");
    text.append("  the proxies read its server name and nothing else.\n");
    if (proxies.reachesOutside()) {
      text.append(
          "  Towards weather (HTTPS) and clock (TCP), outside of the mesh, the egress ends\n");
      text.append("  the mesh's TLS and asks who calls: client may, stranger may not.\n");
    }
    return text.toString();
  }

  /** The table of what went where, the totals of both directions, and what failed. */
  String table(DemoTally tally) {
    StringBuilder text = new StringBuilder(aligned(rows(tally)));
    text.append('\n');
    for (String zone : DemoWorld.ZONES) {
      text.append(total(zone, tally));
    }
    for (Flow flow : DemoWorld.flows()) {
      tally
          .failures(flow)
          .forEach(
              (why, count) ->
                  text.append(
                      "  failed %d times: %s, %s: %s\n"
                          .formatted(count, direction(flow), flow.serverName(), why)));
    }
    return text.toString();
  }

  /** Complete commands, as they can be pasted into a shell. */
  String tryIt() {
    return "try it yourself (the mesh wants the client's certificate; the folder has one)\n\n"
        + curl("east", "west")
        + "\n"
        + curl("west", "east")
        + "\n"
        + openssl("east", "echo{mesh=default}", "the tag form, which is no DNS name")
        + "\n"
        + openssl("west", "echo{mesh=default,version=v2}", "one version only, by its tag");
  }

  /** The same for what is outside of the mesh; "" when there is nothing. */
  String tryOutside(OutsideCalls calls) {
    if (calls.kinds() == 0) {
      return "";
    }
    String zone = DemoWorld.ZONES.get(0);
    return outside(zone, "client", "sunny", calls.weatherName())
        + "\n"
        + outside(zone, "stranger", "403, for no policy allows it", calls.weatherName());
  }

  private String outside(String zone, String caller, String outcome, String name) {
    return "# %s to weather, outside, through the egress of %s: %s (-k: it has no host name)\n"
            .formatted(caller, zone, outcome)
        + "curl -ik --noproxy '*' --cert %s --key %s \\\n"
            .formatted(file(caller + ".pem"), file(caller + ".key"))
        + "  --connect-to %s:443:%s https://%s/today\n".formatted(name, egress(zone), name);
  }

  private String curl(String from, String to) {
    boolean through = proxies.egressTakesHashedNames();
    InetSocketAddress door = through ? proxies.egress(from) : proxies.ingress(to);
    String name = DemoNames.hashedForm("echo", DemoWorld.SERVICE_PORT);
    String where =
        through
            ? "# from %s to the echo service in %s, through the egress of %s\n"
            : "# to the echo service in %2$s, through its ingress"
                + " (an egress takes tag forms, which curl cannot send)\n";
    return where.formatted(from, to, from)
        + "curl --noproxy '*' --cacert %s --cert %s --key %s \\\n"
            .formatted(file("ca.pem"), file("client.pem"), file("client.key"))
        + "  --connect-to %s:443:%s https://%s/hello\n".formatted(name, address(door), name);
  }

  private String openssl(String from, String serverName, String remark) {
    return "# from %s, through its egress: %s\n".formatted(from, remark)
        + "printf 'GET /hello HTTP/1.1\\r\\nHost: echo\\r\\nConnection: close\\r\\n\\r\\n' | \\\n"
        + "  openssl s_client -quiet -verify_return_error -connect %s -servername %s \\\n"
            .formatted(egress(from), quoted(serverName))
        + "  -CAfile %s -cert %s -key %s\n"
            .formatted(file("ca.pem"), file("client.pem"), file("client.key"));
  }

  private List<List<String>> rows(DemoTally tally) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEAD);
    for (Flow flow : DemoWorld.flows()) {
      List<Instance> targets = world.targets(flow);
      for (Instance target : targets) {
        long count = tally.answered(flow, target.name());
        rows.add(
            List.of(
                direction(flow),
                flow.serverName(),
                target.name() + " (" + target.version() + ")",
                Long.toString(count),
                percent(count, tally.answered(flow)),
                percent(1, targets.size())));
      }
    }
    return rows;
  }

  private String total(String from, DemoTally tally) {
    List<Flow> flows = DemoWorld.flows().stream().filter(flow -> flow.from().equals(from)).toList();
    long answered = flows.stream().mapToLong(tally::answered).sum();
    long failed = flows.stream().mapToLong(tally::failed).sum();
    return "  %s: %d requests, %d answered rightly, %d failed\n"
        .formatted(direction(flows.get(0)), answered + failed, answered, failed);
  }

  private String aligned(List<List<String>> rows) {
    int columns = HEAD.size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        String gap = " ".repeat(widths[i] - row.get(i).length());
        line.append("  ").append(i < FIRST_NUMBER ? row.get(i) + gap : gap + row.get(i));
      }
      text.append(line).append('\n');
    }
    return text.toString();
  }

  private String services(String zone) {
    return world.in(zone).stream()
        .map(instance -> instance.name() + " (" + instance.version() + ")")
        .collect(Collectors.joining("  "));
  }

  private String egress(String zone) {
    return address(proxies.egress(zone));
  }

  private String ingress(String zone) {
    return address(proxies.ingress(zone));
  }

  private String file(String name) {
    Path file = world.folder().resolve(name);
    return quoted(file.toString());
  }

  private static String direction(Flow flow) {
    return flow.from() + " -> " + flow.to();
  }

  private static String address(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  private static String percent(long part, long whole) {
    return whole == 0 ? "-" : String.format(Locale.ROOT, "%.0f %%", 1.0 * PERCENT * part / whole);
  }

  /** For a shell; only what needs it gets quotes. */
  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
