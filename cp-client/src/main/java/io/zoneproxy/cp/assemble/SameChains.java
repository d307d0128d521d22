package io.zoneproxy.cp.assemble;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ListenerSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the chains that have not changed from the version before, so that comparing the two, which
 * is done several times behind this, finds the same objects. Both have them in the order of {@link
 * ChainSpec#BY_MATCH}.
 */
final class SameChains {
  private SameChains() {}

  @SuppressWarnings("ReferenceEquality") // the quick look before the thorough one
  static ListenerSpec of(ListenerSpec before, ListenerSpec now) {
    List<ChainSpec> chains = new ArrayList<>(now.chains().size());
    int old = 0;
    for (ChainSpec chain : now.chains()) {
      if (old < before.chains().size() && before.chains().get(old) == chain) {
        chains.add(chain); // nearly always
        old++;
        continue;
      }
      while (old < before.chains().size()
          && ChainSpec.BY_MATCH.compare(before.chains().get(old), chain) < 0) {
        old++;
      }
      boolean same = old < before.chains().size() && before.chains().get(old).equals(chain);
      chains.add(same ? before.chains().get(old) : chain);
    }
    return now.withChains(chains);
  }
}
