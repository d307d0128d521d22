package io.zoneproxy.core.config;

import io.zoneproxy.core.config.kuma.ResourceReader;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Chooses, for each file, which version of it is in force: what was read last, or, where that has
 * an error or names a resource of another file, what was in force before.
 */
final class FileVersions {
  private final SortedMap<Path, FileVersion> files;
  private final Map<Path, List<Resource>> chosen = new HashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  private FileVersions(SortedMap<Path, FileVersion> files) {
    this.files = files;
    files.forEach((path, file) -> chosen.put(path, file.latest().orElse(file.inForce())));
  }

  /**
   * Puts the versions in force. No resource is in two of them after that.
   *
   * @param files their versions before, in name order
   * @param problems where resources in two places are added, if one of the files changed just now
   */
  static SortedMap<Path, FileVersion> choose(
      SortedMap<Path, FileVersion> files, List<Problem> problems) {
    FileVersions versions = new FileVersions(files);
    // Each round takes back the new version of a file or more, so there are at most as many rounds
    // as files. Old versions were in force together: among them there is nothing twice.
    while (!versions.takeBackDuplicates().isEmpty()) {}
    problems.addAll(versions.problems);
    SortedMap<Path, FileVersion> inForce = new TreeMap<>();
    files.forEach(
        (path, file) ->
            inForce.put(path, file.withInForce(versions.chosen.getOrDefault(path, List.of()))));
    return inForce;
  }

  /** Returns the files whose new version went back. */
  private Set<Path> takeBackDuplicates() {
    Map<String, Placed> places = new HashMap<>();
    Set<Path> blamed = new HashSet<>();
    for (Path path : files.keySet()) {
      for (Resource resource : chosen.getOrDefault(path, List.of())) {
        Placed second = new Placed(path, resource);
        Placed first = places.putIfAbsent(resource.meta().id(), second);
        if (first != null) {
          blamed.addAll(blame(first, second));
        }
      }
    }
    blamed.forEach(path -> chosen.put(path, file(path).inForce()));
    return blamed;
  }

  private List<Path> blame(Placed first, Placed second) {
    boolean firstNew = isNew(first.path());
    boolean secondNew = isNew(second.path());
    // A file that was taken back before and is as it was must not block one that changed now.
    boolean firstOld = firstNew && !file(first.path()).fresh();
    boolean secondOld = secondNew && !file(second.path()).fresh();
    boolean blameFirst = firstNew && (firstOld || !secondOld);
    boolean blameSecond = secondNew && (secondOld || !firstOld);
    if (file(first.path()).fresh() || file(second.path()).fresh()) {
      Placed culprit = blameSecond ? second : first;
      Placed other = blameSecond ? first : second;
      problems.add(
          ResourceReader.twice(culprit.resource().meta(), other.resource().meta().source()));
    }
    List<Path> blamed = new ArrayList<>();
    if (blameFirst) {
      blamed.add(first.path());
    }
    if (blameSecond) {
      blamed.add(second.path());
    }
    return blamed;
  }

  private boolean isNew(Path path) {
    return chosen.get(path) != file(path).inForce();
  }

  private FileVersion file(Path path) {
    return Optional.ofNullable(files.get(path)).orElseThrow();
  }

  private record Placed(Path path, Resource resource) {}
}
