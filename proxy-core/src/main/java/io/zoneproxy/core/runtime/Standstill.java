package io.zoneproxy.core.runtime;

import io.zoneproxy.core.config.yaml.Shown;
import io.zoneproxy.core.route.FilterChain;
import io.zoneproxy.core.route.SniTable;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether there are chains and none of them can serve, as after a start from what is on disk
 * without its private keys: then nobody should be sent here. A proxy that was given no chain has
 * nothing to wait for. Its owner sees to it that one thread changes it at a time; any thread may
 * read.
 */
final class Standstill {
  private static final Logger log = LoggerFactory.getLogger(Standstill.class);

  private volatile boolean here;

  /** These tables are in force now. */
  void now(Collection<SniTable> tables) {
    int refusing = tables.stream().mapToInt(SniTable::refusing).sum();
    boolean found = refusing > 0 && tables.stream().allMatch(table -> table.serving() == 0);
    if (found && !here) {
      log.warn(
          "not ready: none of the chains can serve ({}); {}; it is ready when one can",
          refusing,
          first(tables));
    } else if (here && !found) {
      log.info("chains that can serve now: {}", tables.stream().mapToInt(SniTable::serving).sum());
    }
    here = found;
  }

  private static String first(Collection<SniTable> tables) {
    return tables.stream()
        .flatMap(table -> table.anyRefusing().stream())
        .findFirst()
        .map(chain -> Shown.text(called(chain)) + ": " + Shown.text(why(chain)))
        .orElse("");
  }

  private static String called(FilterChain.Refuse chain) {
    return chain.chainName().isEmpty() ? chain.name() : chain.chainName();
  }

  private static String why(FilterChain.Refuse chain) {
    return chain.detail().isEmpty() ? chain.reason().name() : chain.detail();
  }

  /** Whether nothing can be served, though it should be. Any thread. */
  boolean isHere() {
    return here;
  }
}
