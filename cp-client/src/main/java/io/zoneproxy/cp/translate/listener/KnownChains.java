package io.zoneproxy.cp.translate.listener;

import io.zoneproxy.core.model.ChainSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The chains of one version of a listener, by their bytes. For one thread. */
final class KnownChains {
  /** Of no listener yet. */
  static final KnownChains NONE =
      new KnownChains(new ChainBytes(new byte[0], 0, 0), new Slices(), List.of(), List.of());

  private static final Comparator<Placed> PLACED =
      Comparator.comparing(Placed::spec, ChainSpec.BY_MATCH);

  private final ChainBytes bytes;
  private final Slices slices; // of the bytes, one a chain
  private final List<Chain> chains; // as the slices
  private final List<Placed> sorted;
  private int @Nullable [] byHash; // index of a chain + 1; 0 is free; made at the first need

  private KnownChains(ChainBytes bytes, Slices slices, List<Chain> chains, List<Placed> sorted) {
    this.bytes = bytes;
    this.slices = slices;
    this.chains = chains;
    this.sorted = sorted;
  }

  /** A chain's translation, one for each of its server names. */
  private static final class Chain {
    boolean met; // in the version that is being read
  }

  /** One of a chain's specs, in the order of what they take. */
  private record Placed(ChainSpec spec, Chain of) {}

  /** Translates what is not known. */
  interface Translator {
    /** Null when it is not to be had quickly. */
    @Nullable List<ChainSpec> translate(int from, int size);
  }

  /** All of them, in the order of what they take. */
  List<ChainSpec> specs() {
    List<ChainSpec> specs = new ArrayList<>(sorted.size());
    sorted.forEach(each -> specs.add(each.spec()));
    return specs;
  }

  /** The next version; empty when a chain cannot be had quickly, or two take the same. */
  Optional<KnownChains> next(ChainBytes now, Slices of, Translator translator) {
    chains.forEach(chain -> chain.met = false);
    List<Chain> next = new ArrayList<>(of.count());
    List<Placed> fresh = new ArrayList<>();
    int expected = 0; // mostly the order stays
    int met = 0;
    for (int i = 0; i < of.count(); i++) {
      boolean allMet = met == chains.size();
      int at = sameAt(expected, now, of, i) ? expected : allMet ? -1 : find(now, of, i);
      if (at >= 0) {
        Chain known = chains.get(at);
        if (known.met) {
          return Optional.empty();
        }
        known.met = true;
        met++;
        next.add(known);
        expected = at + 1;
      } else {
        List<ChainSpec> specs = translator.translate(of.from(i), of.size(i));
        if (specs == null) {
          return Optional.empty();
        }
        Chain chain = new Chain();
        next.add(chain);
        specs.forEach(spec -> fresh.add(new Placed(spec, chain)));
      }
    }
    return merged(fresh).map(all -> new KnownChains(now, of, next, all));
  }

  private boolean sameAt(int known, ChainBytes now, Slices of, int i) {
    return known < chains.size()
        && bytes.sameAt(slices.from(known), slices.size(known), now, of.from(i), of.size(i));
  }

  private int find(ChainBytes now, Slices of, int i) {
    if (chains.isEmpty()) {
      return -1;
    }
    int[] table = table();
    int slot = now.hash(of.from(i), of.size(i)) & table.length - 1;
    while (table[slot] != 0) {
      if (sameAt(table[slot] - 1, now, of, i)) {
        return table[slot] - 1;
      }
      slot = slot + 1 & table.length - 1;
    }
    return -1;
  }

  private int[] table() {
    int[] made = byHash;
    if (made == null) {
      made = new int[Integer.highestOneBit(chains.size()) * 4]; // at most half of it is in use
      for (int i = 0; i < chains.size(); i++) {
        int slot = bytes.hash(slices.from(i), slices.size(i)) & made.length - 1;
        while (made[slot] != 0) {
          slot = slot + 1 & made.length - 1;
        }
        made[slot] = i + 1;
      }
      byHash = made;
    }
    return made;
  }

  /** Those of the old ones that were met, and the new ones; empty when two take the same. */
  private Optional<List<Placed>> merged(List<Placed> fresh) {
    List<Placed> kept = new ArrayList<>(sorted.size());
    for (Placed old : sorted) {
      if (old.of().met) {
        kept.add(old);
      }
    }
    fresh.sort(PLACED);
    List<Placed> all = new ArrayList<>(kept.size() + fresh.size());
    int taken = 0;
    for (Placed each : fresh) { // few as a rule: the names of all others are not looked at
      int at = Collections.binarySearch(kept, each, PLACED);
      if (at >= 0) {
        return Optional.empty();
      }
      all.addAll(kept.subList(taken, -at - 1));
      all.add(each);
      taken = -at - 1;
    }
    all.addAll(kept.subList(taken, kept.size()));
    return distinct(fresh) ? Optional.of(all) : Optional.empty();
  }

  private static boolean distinct(List<Placed> sorted) {
    for (int i = 1; i < sorted.size(); i++) {
      if (PLACED.compare(sorted.get(i - 1), sorted.get(i)) == 0) {
        return false;
      }
    }
    return true;
  }
}
