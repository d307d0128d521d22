package io.zoneproxy.ingress.translate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.StringTokenizer;

/**
 * The known server names that somebody may have meant by an unknown one: mistyped, the same service
 * with other tags or in another mesh, or a part of the name only.
 */
public final class ServerNameSuggestions {
  /** As many as one reads; {@code validate} lists all. */
  public static final int MAX = 5;

  /** More edits than this are another name, not a mistake. */
  private static final int MAX_EDITS = 8;

  /** A name may be wrong in every third character and still be the one that was meant. */
  private static final int LENGTH_PER_EDIT = 3;

  /** Another tag of the same service is as far as this many edits, each differing tag one more. */
  private static final int SAME_SERVICE = 2;

  /** A shared beginning is worth less than the same service with one other tag. */
  private static final int PREFIX = 4;

  private static final int UNRELATED = Integer.MAX_VALUE;

  private static final Comparator<Suggestion> NEAREST_FIRST =
      Comparator.comparingInt(Suggestion::distance)
          .thenComparingInt(suggestion -> suggestion.name().length())
          .thenComparing(Suggestion::name);

  private final String unknown;
  private final String service;
  private final Set<String> parts;
  private final int maxEdits;
  private final EditDistance edits;

  private ServerNameSuggestions(String unknown) {
    this.unknown = unknown;
    this.service = service(unknown);
    this.parts = parts(unknown);
    this.maxEdits = Math.min(MAX_EDITS, Math.max(1, unknown.length() / LENGTH_PER_EDIT));
    this.edits = new EditDistance(unknown);
  }

  /**
   * Finds the nearest names.
   *
   * @param known in lower case; may be many, the time grows with their number and not with the
   *     length of the unknown name
   * @return at most {@link #MAX}, nearest first; empty when none resembles it
   */
  public static List<String> nearest(String unknown, Collection<String> known) {
    ServerNameSuggestions search = new ServerNameSuggestions(ServerNames.lowerCase(unknown));
    // the farthest is at the head, so that it goes when a nearer one comes
    PriorityQueue<Suggestion> nearest = new PriorityQueue<>(NEAREST_FIRST.reversed());
    for (String name : known) {
      int distance = search.distance(name);
      if (distance != UNRELATED) {
        nearest.add(new Suggestion(name, distance));
        if (nearest.size() > MAX) {
          nearest.remove();
        }
      }
    }
    List<Suggestion> sorted = new ArrayList<>(nearest);
    sorted.sort(NEAREST_FIRST);
    return sorted.stream().map(Suggestion::name).toList();
  }

  private int distance(String name) {
    if (name.isEmpty() || unknown.isEmpty()) {
      return UNRELATED;
    }
    int distance = edits.to(name, maxEdits);
    distance = distance > maxEdits ? UNRELATED : distance;
    if (service(name).equals(service)) {
      distance = Math.min(distance, SAME_SERVICE + differingParts(name));
    } else if (name.startsWith(unknown) || unknown.startsWith(name)) {
      distance = Math.min(distance, PREFIX);
    }
    return distance;
  }

  private int differingParts(String name) {
    Set<String> other = parts(name);
    int differing = 0;
    for (String part : other) {
      differing += parts.contains(part) ? 0 : 1;
    }
    return differing + parts.size() - (other.size() - differing);
  }

  /** What all names of one service share; of a name in no known form, the name itself. */
  private static String service(String name) {
    int brace = name.indexOf('{');
    if (brace >= 0) {
      return name.substring(0, brace);
    }
    int last = name.lastIndexOf('.');
    int first = name.indexOf('.');
    if (name.startsWith("sni.") && last > first) {
      return name.substring(name.lastIndexOf('.', last - 1) + 1, last);
    }
    boolean hashForm = name.endsWith(".ms") || name.endsWith(".mzms") || name.endsWith(".mes");
    if (hashForm && last > first) {
      return name.substring(first + 1, Math.max(first + 1, name.indexOf('.', first + 1)));
    }
    return name;
  }

  private static Set<String> parts(String name) {
    Set<String> parts = new HashSet<>();
    StringTokenizer tokens = new StringTokenizer(name, name.indexOf('{') >= 0 ? "{,}" : ".");
    while (tokens.hasMoreTokens()) {
      parts.add(tokens.nextToken());
    }
    return parts;
  }

  private record Suggestion(String name, int distance) {}
}
