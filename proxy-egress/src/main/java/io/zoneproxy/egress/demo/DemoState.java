package io.zoneproxy.egress.demo;

import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.egress.demo.DemoConnections.Door;
import io.zoneproxy.egress.demo.DemoConnections.DoorStats;
import io.zoneproxy.egress.demo.DemoWorld.Flow;
import io.zoneproxy.egress.demo.DemoWorld.Instance;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the page shows, as JSON. It only reads; any thread may ask. */
final class DemoState {
  /** The first printable ASCII character, and the first beyond. */
  private static final char FIRST_PLAIN = ' ';

  private static final char FIRST_BEYOND = 0x7f;

  private final DemoWorld world;
  private final DemoZoneProxies proxies;
  private final DemoServices services;
  private final DemoConnections seen;
  private final DemoTally tally;

  DemoState(
      DemoWorld world,
      DemoZoneProxies proxies,
      DemoServices services,
      DemoConnections seen,
      DemoTally tally) {
    this.world = world;
    this.proxies = proxies;
    this.services = services;
    this.seen = seen;
    this.tally = tally;
  }

  /** One object with all of it. */
  String json() {
    StringBuilder out = new StringBuilder();
    write(
        object(
            "mesh", DemoWorld.MESH,
            "zones", DemoWorld.ZONES.stream().map(this::zone).toList(),
            "flows", DemoWorld.flows().stream().map(this::flow).toList(),
            "connections", seen.latest().stream().map(DemoState::connection).toList()),
        out);
    return out.toString();
  }

  private Map<String, Object> zone(String zone) {
    return object(
        "name", zone,
        "egress", door(zone, Door.EGRESS, proxies.egress(zone)),
        "ingress", door(zone, Door.INGRESS, proxies.ingress(zone)),
        "instances", world.in(zone).stream().map(this::instance).toList());
  }

  private Map<String, Object> door(String zone, Door door, InetSocketAddress address) {
    DoorStats stats = seen.stats(zone, door);
    return object(
        "address", text(address),
        "connections", stats.connections(),
        "faults", stats.faults(),
        "bytesUp", stats.bytesUp(),
        "bytesDown", stats.bytesDown());
  }

  private Map<String, Object> instance(Instance instance) {
    return object(
        "name", instance.name(),
        "service", instance.service(),
        "version", instance.version(),
        "port", instance.port(),
        "requests", services.requests(instance.name()));
  }

  private Map<String, Object> flow(Flow flow) {
    List<Instance> targets = world.targets(flow);
    return object(
        "from", flow.from(),
        "to", flow.to(),
        "serverName", flow.serverName(),
        "answered", tally.answered(flow),
        "failed", tally.failed(flow),
        "targets", targets.stream().map(target -> target(flow, target, targets.size())).toList());
  }

  private Map<String, Object> target(Flow flow, Instance target, int of) {
    return object(
        "name", target.name(),
        "version", target.version(),
        "answered", tally.answered(flow, target.name()),
        "expected", 1.0 / of);
  }

  private static Map<String, Object> connection(DemoConnections.Passed passed) {
    ConnectionRecord closed = passed.closed();
    return object(
        "door", passed.door(),
        "start", closed.start().toEpochMilli(),
        "millis", closed.duration().toMillis(),
        "serverName", closed.serverName(),
        "upstream", text(closed.upstream()),
        "bytesUp", closed.bytesUp(),
        "bytesDown", closed.bytesDown(),
        "reason", closed.reason().name(),
        "fault", closed.reason().origin().name().toLowerCase(Locale.ROOT),
        "detail", closed.detail());
  }

  private static String text(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress inet && inet.getAddress() != null
        ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
        : "";
  }

  /** Keys and values in turn. */
  private static Map<String, Object> object(Object... pairs) {
    Map<String, Object> made = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      made.put((String) pairs[i], pairs[i + 1]);
    }
    return made;
  }

  private static void write(@Nullable Object value, StringBuilder out) {
    if (value instanceof Map<?, ?> object) {
      String comma = "{";
      for (Map.Entry<?, ?> entry : object.entrySet()) {
        quote(out.append(comma), String.valueOf(entry.getKey()));
        write(entry.getValue(), out.append(':'));
        comma = ",";
      }
      out.append('}');
    } else if (value instanceof List<?> list) {
      String comma = "";
      out.append('[');
      for (Object element : list) {
        write(element, out.append(comma));
        comma = ",";
      }
      out.append(']');
    } else if (value instanceof Number) {
      out.append(value);
    } else {
      quote(out, String.valueOf(value));
    }
  }

  /** Whatever could end a string or a script is written as an escape; a client chose some of it. */
  private static void quote(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = c >= FIRST_PLAIN && c < FIRST_BEYOND && "\"\\<>&'".indexOf(c) < 0;
      out.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "\\u%04x", (int) c));
    }
    out.append('"');
  }
}
