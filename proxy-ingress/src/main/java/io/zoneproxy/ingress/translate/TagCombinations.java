package io.zoneproxy.ingress.translate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Every combination of the tags that some endpoint of a service carries, as a server name: a caller
 * may ask for any of them. Small combinations come first, because routes name few tags.
 */
final class TagCombinations {
  /**
   * Names that one service may have: all combinations of 12 tags. Kuma's own data planes carry
   * three to six; without a bound one data plane with 30 tags would cost a thousand million names.
   */
  static final int MAX_NAMES = 4096;

  /** Fits nearly every name, so that the builder grows for few of a hundred thousand. */
  private static final int NAME_CAPACITY = 160;

  private final String service;
  private final String mesh;
  private final Map<String, Map<String, String>> subsets = new LinkedHashMap<>();
  private String ambiguous = "";
  private boolean full;
  private long possible;

  private TagCombinations(String service, String mesh) {
    this.service = ServerNames.lowerCase(service);
    this.mesh = Tags.MESH + "=" + ServerNames.lowerCase(mesh);
  }

  /**
   * Makes them.
   *
   * @param tags of each endpoint; {@link Tags#SERVICE} and {@link Tags#MESH} do not count
   */
  static TagCombinations of(String service, String mesh, Collection<Map<String, String>> tags) {
    TagCombinations combinations = new TagCombinations(service, mesh);
    combinations.addAll(distinct(tags));
    return combinations;
  }

  /** The subset that each server name stands for; the empty subset is the first. */
  Map<String, Map<String, String>> subsets() {
    return subsets;
  }

  /**
   * How many combinations have no name because of {@link #MAX_NAMES}, at most: those that several
   * endpoints share are counted for each. 0 when nothing was cut.
   */
  long leftOut() {
    return full ? possible - subsets.size() : 0;
  }

  /** A server name that two subsets share, as they differ in case only; "" when there is none. */
  String ambiguous() {
    return ambiguous;
  }

  private static List<TagSet> distinct(Collection<Map<String, String>> tags) {
    Set<Map<String, String>> seen = new LinkedHashSet<>(tags);
    List<TagSet> sets = new ArrayList<>(seen.size());
    seen.forEach(set -> sets.add(TagSet.of(set)));
    return sets;
  }

  private void addAll(List<TagSet> sets) {
    int most = 0;
    for (TagSet set : sets) {
      most = Math.max(most, set.size());
      possible = saturatedSum(possible, set.combinations());
    }
    for (int size = 0; size <= most && !full; size++) {
      for (TagSet set : sets) {
        addOfSize(set, size);
      }
    }
  }

  private void addOfSize(TagSet set, int size) {
    if (size > set.size()) {
      return;
    }
    int[] picked = firstPick(size);
    do {
      add(set.serverName(service, mesh, picked), set, picked);
    } while (!full && nextPick(picked, set.size()));
  }

  private void add(String name, TagSet set, int[] picked) {
    Map<String, String> known = subsets.get(name);
    if (known != null) {
      ambiguous = set.carries(known, picked) ? ambiguous : name;
    } else if (subsets.size() == MAX_NAMES) {
      full = true;
    } else {
      subsets.put(name, set.subset(picked));
    }
  }

  private static int[] firstPick(int size) {
    int[] picked = new int[size];
    for (int i = 0; i < size; i++) {
      picked[i] = i;
    }
    return picked;
  }

  /** Goes to the next combination in lexicographic order; false after the last. */
  private static boolean nextPick(int[] picked, int of) {
    int at = picked.length - 1;
    while (at >= 0 && picked[at] == of - picked.length + at) {
      at--;
    }
    if (at < 0) {
      return false;
    }
    picked[at]++;
    for (int i = at + 1; i < picked.length; i++) {
      picked[i] = picked[i - 1] + 1;
    }
    return true;
  }

  private static long saturatedSum(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  /**
   * The tags of one endpoint, sorted as an SNI has them.
   *
   * @param entries in byte order of their keys, without service and mesh
   * @param texts the entries as the server name has them
   * @param meshAt how many keys stand before {@code mesh}
   */
  private record TagSet(List<Map.Entry<String, String>> entries, List<String> texts, int meshAt) {
    static TagSet of(Map<String, String> tags) {
      TreeMap<String, String> sorted = new TreeMap<>(tags);
      sorted.remove(Tags.SERVICE);
      sorted.remove(Tags.MESH);
      List<Map.Entry<String, String>> entries = new ArrayList<>(sorted.size());
      List<String> texts = new ArrayList<>(sorted.size());
      sorted.forEach(
          (key, value) -> {
            entries.add(Map.entry(key, value));
            texts.add(ServerNames.lowerCase(key + "=" + value));
          });
      return new TagSet(entries, texts, sorted.headMap(Tags.MESH).size());
    }

    int size() {
      return entries.size();
    }

    long combinations() {
      return size() < Long.SIZE - 1 ? 1L << size() : Long.MAX_VALUE;
    }

    String serverName(String service, String mesh, int[] picked) {
      StringBuilder name = new StringBuilder(NAME_CAPACITY).append(service).append('{');
      boolean meshWritten = false;
      for (int pick : picked) {
        if (pick >= meshAt && !meshWritten) {
          name.append(mesh).append(',');
          meshWritten = true;
        }
        name.append(texts.get(pick)).append(',');
      }
      if (!meshWritten) {
        name.append(mesh).append(',');
      }
      name.setCharAt(name.length() - 1, '}');
      return name.toString();
    }

    boolean carries(Map<String, String> subset, int[] picked) {
      for (int pick : picked) {
        Map.Entry<String, String> entry = entries.get(pick);
        if (!entry.getValue().equals(subset.get(entry.getKey()))) {
          return false;
        }
      }
      return subset.size() == picked.length;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // Map.ofEntries wants an array of a generic type
    Map<String, String> subset(int[] picked) {
      Map.Entry[] subset = new Map.Entry[picked.length];
      for (int i = 0; i < picked.length; i++) {
        subset[i] = entries.get(picked[i]);
      }
      return Map.ofEntries(subset);
    }
  }
}
