package io.zoneproxy.ingress.driven;

import io.zoneproxy.core.config.yaml.Shown;
import io.zoneproxy.core.observe.ProxyView;
import io.zoneproxy.ingress.explain.RefusedChains;
import io.zoneproxy.ingress.explain.RefusedChains.Refused;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Says which chains refuse every connection, and why: a line for each that did not do so for that
 * reason before, at most one look a {@link #PAUSE_NANOS}. Any thread.
 */
final class RefusingChains {
  /** As long as a secret may take to come: kuma-cp sends them last. */
  static final long PAUSE_NANOS = 5_000_000_000L;

  /** Chains that are named at a look; the others are counted. */
  private static final int MOST_LINES = 5;

  /** What is said of: the server names of one chain have one reason. */
  private record Said(String chain, String reason) {}

  private final Consumer<String> warnings;
  private final Consumer<String> news;
  private final ProxyView proxy;
  private final Executor later;
  private Map<Said, List<String>> told = Map.of(); // guarded by this, as all below
  private boolean awaited;

  /**
   * Nothing has been looked at yet.
   *
   * @param news told when it is over
   * @param proxy whose chains they are; has the last word on what it serves
   * @param later runs a task after {@link #PAUSE_NANOS}
   */
  RefusingChains(
      Consumer<String> warnings, Consumer<String> news, ProxyView proxy, Executor later) {
    this.warnings = warnings;
    this.news = news;
    this.proxy = proxy;
    this.later = later;
  }

  /** Another configuration is in force; the newest one is looked at, later. */
  synchronized void onApplied() {
    if (!awaited) {
      awaited = true;
      later.execute(this::look);
    }
  }

  private synchronized void look() {
    awaited = false;
    List<Refused> refused = RefusedChains.of(proxy);
    proxy.server().config.chainsRefusing.set(refused.size());
    proxy
        .server()
        .controlPlane
        .chainsUnsupported
        .set(refused.stream().filter(Refused::isUnsupported).count());
    Map<Said, List<String>> found = new LinkedHashMap<>();
    for (Refused one : refused) {
      found
          .computeIfAbsent(new Said(one.name(), one.reason()), said -> new ArrayList<>())
          .add(one.chain().serverName());
    }
    say(found);
    told = found;
  }

  private void say(Map<Said, List<String>> found) {
    List<Said> fresh = found.keySet().stream().filter(each -> !told.containsKey(each)).toList();
    fresh.stream()
        .limit(MOST_LINES)
        .forEach(each -> warnings.accept(text(each, found.getOrDefault(each, List.of()))));
    if (fresh.size() > MOST_LINES) {
      warnings.accept(
          "… and %d more chains refuse every connection; /explain?sni=NAME says why"
              .formatted(fresh.size() - MOST_LINES));
    }
    if (found.isEmpty() && !told.isEmpty()) {
      news.accept(RefusedChains.OVER);
    }
  }

  private static String text(Said of, List<String> serverNames) {
    String first = serverNames.get(0);
    int more = serverNames.size() - 1;
    String names =
        first.isEmpty() || first.equals(of.chain)
            ? ""
            : " (%s%s)"
                .formatted(Shown.text(first), more > 0 ? " and %d more".formatted(more) : "");
    return "chain %s%s refuses every connection: %s"
        .formatted(Shown.text(of.chain), names, Shown.text(of.reason));
  }
}
