package io.zoneproxy.core.http.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds a virtual host by its domains, as Envoy does: exact, then {@code *.suffix}, then {@code
 * prefix.*}, then {@code *}; the longer of two wildcards of a kind wins. Immutable.
 *
 * @param <T> what a host has
 */
public final class VirtualHosts<T> {
  private record Wildcard<T>(String domain, T host) {}

  private final Map<String, T> exact = new HashMap<>();
  private final List<Wildcard<T>> wildcards = new ArrayList<>();
  private final @Nullable T any;

  private VirtualHosts(List<Entry<T>> entries) {
    T all = null;
    for (Entry<T> entry : entries) {
      for (String domain : entry.domains()) {
        if (domain.equals("*")) {
          all = all == null ? entry.host() : all;
        } else if (domain.startsWith("*") || domain.endsWith("*")) {
          wildcards.add(new Wildcard<>(domain, entry.host()));
        } else {
          exact.putIfAbsent(domain, entry.host());
        }
      }
    }
    this.any = all;
  }

  /**
   * A host.
   *
   * @param <T> what it has
   * @param domains lower case
   */
  public record Entry<T>(List<String> domains, T host) {}

  /** Those of a table, in its order: of equal domains the first counts. */
  public static <T> VirtualHosts<T> of(List<Entry<T>> entries) {
    return new VirtualHosts<>(entries);
  }

  /**
   * The one that takes a request; null when none does.
   *
   * @param authority as the client sent it, with its port if it has one
   */
  public @Nullable T find(String authority) {
    if (exact.isEmpty() && wildcards.isEmpty()) {
      return any; // most tables
    }
    String name = authority.toLowerCase(Locale.ROOT);
    T found = exact.get(name);
    return found != null ? found : wild(name);
  }

  private @Nullable T wild(String name) {
    T best = any;
    int rank = 0;
    for (Wildcard<T> one : wildcards) {
      int fit = rank(one.domain(), name);
      if (fit > rank) {
        rank = fit;
        best = one.host();
      }
    }
    return best;
  }

  /** How well a wildcard fits; 0 = not at all. */
  private static int rank(String domain, String name) {
    int length = domain.length();
    if (name.length() < length) {
      return 0;
    }
    if (domain.startsWith("*")) {
      // Above every prefix: a domain is shorter than a mebibyte.
      return name.endsWith(domain.substring(1)) ? (1 << 20) + length : 0;
    }
    return name.startsWith(domain.substring(0, length - 1)) ? length : 0;
  }
}
