package io.zoneproxy.cp.assemble;

import io.zoneproxy.core.model.tls.SecretName;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is not as it should be.
 *
 * @param secrets of the control plane that are named and have not come, each with how long it is
 *     waited for
 * @param waitingChains how many chains refuse connections because a secret of theirs, of whichever
 *     source, has not come
 * @param otherSecrets that are named and come from another server than the control plane
 * @param warming clusters whose endpoints have not come, each with how long they are waited for
 * @param missing clusters that are named and have not come
 * @param refused by type and name of a resource its problems; the version before, if there was one,
 *     is in force
 * @param notes what is odd about resources that were taken
 */
public record Notices(
    SortedMap<String, Duration> secrets,
    int waitingChains,
    Set<SecretName> otherSecrets,
    SortedMap<String, Duration> warming,
    SortedSet<String> missing,
    SortedMap<String, List<String>> refused,
    List<String> notes) {
  public Notices {
    secrets = Collections.unmodifiableSortedMap(new TreeMap<>(secrets));
    otherSecrets = Set.copyOf(otherSecrets);
    warming = Collections.unmodifiableSortedMap(new TreeMap<>(warming));
    missing = Collections.unmodifiableSortedSet(new TreeSet<>(missing));
    refused = Collections.unmodifiableSortedMap(new TreeMap<>(refused));
    notes = List.copyOf(notes);
  }

  /** All problems of refused resources, a line each. */
  public List<String> problems() {
    return refused.entrySet().stream().map(Map.Entry::getValue).flatMap(List::stream).toList();
  }
}
