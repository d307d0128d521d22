package io.zoneproxy.ingress.flags;

import io.zoneproxy.core.resource.Problem;
import java.util.ArrayList;
import java.util.List;

/** Something that the user can mend; its message is what is printed, without a stack trace. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** One line, or one for each error. */
  public UsageException(String message) {
    super(message);
  }

  /** The errors among these, one a line; warnings are left out. */
  public static UsageException ofErrors(List<Problem> problems) {
    List<String> lines = new ArrayList<>();
    for (Problem problem : problems) {
      if (problem.severity() == Problem.Severity.ERROR) {
        lines.add(problem.toString());
      }
    }
    return new UsageException(String.join("\n", lines));
  }
}
