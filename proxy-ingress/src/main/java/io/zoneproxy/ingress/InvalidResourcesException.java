package io.zoneproxy.ingress;

import io.zoneproxy.core.resource.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** Resources that cannot be taken; its message has one line for each error. */
public final class InvalidResourcesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidResourcesException(List<Problem> problems) {
    super(
        problems.stream()
            .filter(problem -> problem.severity() == Problem.Severity.ERROR)
            .map(Problem::toString)
            .collect(Collectors.joining("\n")));
  }
}
