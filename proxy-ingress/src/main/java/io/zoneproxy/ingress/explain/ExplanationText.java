package io.zoneproxy.ingress.explain;

import io.zoneproxy.core.text.Lines;
import io.zoneproxy.ingress.explain.Explanation.Endpoint;
import io.zoneproxy.ingress.explain.Explanation.Route;
import io.zoneproxy.ingress.explain.Explanation.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Writes an explanation for people. */
final class ExplanationText {
  /** What most chains do goes without saying. */
  private static final String PASSTHROUGH = ChainVerdict.Action.PASSTHROUGH.toString();

  private static final double ALL = 100;

  private final Explanation explanation;

  /** An SNI is a client's bytes: an escape sequence in it must not reach the terminal. */
  private final Lines text = new Lines();

  ExplanationText(Explanation explanation) {
    this.explanation = explanation;
  }

  String text() {
    if (explanation.isKnown()) {
      line(explanation.serverName().isEmpty() ? "(no SNI)" : explanation.serverName());
      explanation.routes().forEach(this::route);
    } else {
      unknown();
    }
    return text.toString();
  }

  private void unknown() {
    line("no listener takes " + quoted(explanation.serverName()));
    if (!explanation.nearest().isEmpty()) {
      line("  did you mean");
      explanation.nearest().forEach(name -> line("    " + name));
    }
  }

  private void route(Route route) {
    line("  listener  " + route.listener() + " at " + route.address());
    String name = route.name().isEmpty() || route.name().equals(route.chain()) ? "" : route.name();
    line(
        "  chain     "
            + (route.chain().isEmpty() ? "(takes every other name)" : route.chain())
            + (name.isEmpty() ? "" : ", called " + name));
    boolean relays = route.action().equals(PASSTHROUGH) && route.reason().isEmpty();
    if (!relays) {
      line(
          "  action    "
              + route.action()
              + (route.reason().isEmpty() ? "" : ": ")
              + route.reason());
    }
    route.filters().forEach(filter -> line("  filter    " + filter));
    route.caller().ifPresent(one -> line("  caller    " + one.identity() + " " + one.why()));
    route.targets().forEach(this::target);
  }

  private void target(Target target) {
    String share =
        target.percent() < ALL ? String.format(Locale.ROOT, " %.1f%%", target.percent()) : "";
    line("  cluster   " + target.cluster() + share);
    line("  subset    " + (target.subset().isEmpty() ? "any endpoint" : tags(target.subset())));
    target.notes().forEach(note -> line("  note      " + note));
    if (target.endpoints().isEmpty()) {
      line("  endpoints none: connections are closed");
    } else {
      line("  endpoints");
      table(target.endpoints());
    }
  }

  private static String tags(Map<String, String> subset) {
    List<String> tags = new ArrayList<>();
    new TreeMap<>(subset).forEach((key, value) -> tags.add(key + "=" + value));
    return String.join(", ", tags);
  }

  private void table(List<Endpoint> endpoints) {
    int address = width("address", endpoints.stream().map(e -> e.address().toString()).toList());
    int zone = width("zone", endpoints.stream().map(Endpoint::zone).toList());
    String format = "    %-" + address + "s  %-" + zone + "s  %8s  %8s  %6s";
    line(format.formatted("address", "zone", "priority", "weight", "share"));
    for (Endpoint endpoint : endpoints) {
      line(
          format.formatted(
                  endpoint.address(),
                  endpoint.zone(),
                  endpoint.priority(),
                  endpoint.weight(),
                  String.format(Locale.ROOT, "%.1f%%", endpoint.percent()))
              + (endpoint.unhealthy().isEmpty() ? "" : "  " + endpoint.unhealthy()));
    }
  }

  private static int width(String title, List<String> cells) {
    return cells.stream().mapToInt(String::length).reduce(title.length(), Math::max);
  }

  private static String quoted(String name) {
    return '"' + name + '"';
  }

  private void line(String line) {
    text.add(line);
  }
}
