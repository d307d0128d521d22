package io.zoneproxy.core.config;

import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resources;
import java.util.List;

/**
 * The answer to a load of resource files.
 *
 * @param resources what is in force now
 * @param problems what is wrong with the files that are new or changed since the load before;
 *     problems said before are not said again
 * @param changed whether {@code resources} differs from the load before; the first load always does
 */
public record Loaded(Resources resources, List<Problem> problems, boolean changed) {
  public Loaded {
    problems = List.copyOf(problems);
  }

  /** Whether a file, or the folder, could not be taken as it is. */
  public boolean hasErrors() {
    return problems.stream().anyMatch(problem -> problem.severity() == Problem.Severity.ERROR);
  }
}
