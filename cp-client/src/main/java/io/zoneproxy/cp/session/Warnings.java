package io.zoneproxy.cp.session;

import io.zoneproxy.core.observe.process.ControlPlaneStats;
import io.zoneproxy.cp.assemble.Assembler;
import io.zoneproxy.cp.assemble.Notices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once of each thing that it is still not there. On one thread. */
final class Warnings {
  private static final Logger log = LoggerFactory.getLogger(Warnings.class);

  /** kuma-cp sends secrets last, within milliseconds: after this long something is wrong. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Begins the names of secrets with unified naming. */
  private static final String UNIFIED = "system_mtls_";

  /** At a time: a control plane that is late is so with 100,000 clusters. */
  private static final int MOST_LINES = 10;

  private final Assembler assembler;
  private final ControlPlaneStats stats;
  private final Set<String> said = new HashSet<>();
  private final List<String> unwritten = new ArrayList<>();
  private int waiting; // our share of the figure
  private int refused;

  Warnings(Assembler assembler, ControlPlaneStats stats) {
    this.assembler = assembler;
    this.stats = stats;
  }

  /** Looks again; called every second or so. */
  void look() {
    Notices notices = assembler.notices(PATIENCE);
    waiting = changed(stats.chainsWaiting, waiting, notices.waitingChains());
    refused = changed(stats.resourcesRefused, refused, notices.refused().size());
    Set<String> now = new HashSet<>();
    notices
        .secrets()
        .forEach(
            (name, since) -> {
              if (since.compareTo(PATIENCE) >= 0) {
                say(now, "secret " + name + " is named and has not come" + cause(name));
              }
            });
    notices
        .warming()
        .keySet()
        .forEach(name -> say(now, "cluster " + name + ": its endpoints have not come"));
    notices.missing().forEach(name -> say(now, "cluster " + name + " is named and has not come"));
    notices.notes().forEach(note -> say(now, note));
    said.retainAll(now); // what was well in between is said again
    write();
  }

  /** Sessions of other proxies have their share of the same figure. */
  private static int changed(AtomicLong sum, int before, int now) {
    sum.addAndGet((long) now - before);
    return now;
  }

  private void say(Set<String> now, String text) {
    now.add(text);
    if (said.add(text)) {
      unwritten.add(text);
    }
  }

  private void write() {
    int shown = Math.min(unwritten.size(), MOST_LINES);
    unwritten.subList(0, shown).forEach(text -> log.warn("{}", text));
    if (unwritten.size() > shown) {
      log.warn("… and {} more like these", unwritten.size() - shown);
    }
    unwritten.clear();
  }

  private static String cause(String secret) {
    return secret.startsWith(UNIFIED)
        ? ": the proxy asked for unified naming, and the mesh is not meshServices.mode Exclusive;"
            + " turn off KUMA_DATAPLANE_RUNTIME_UNIFIED_RESOURCE_NAMING_ENABLED. Its chains refuse"
            + " connections"
        : ": its chains refuse connections";
  }
}
