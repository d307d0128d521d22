package io.zoneproxy.ingress.flags;

import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Source;
import java.nio.file.Path;
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
    return ofErrors("", problems);
  }

  /**
   * The same.
   *
   * @param flag stands before what concerns a file as a whole, as one that is not there; may be ""
   */
  public static UsageException ofErrors(String flag, List<Problem> problems) {
    List<String> lines = new ArrayList<>();
    for (Problem problem : problems) {
      if (problem.severity() == Problem.Severity.ERROR) {
        boolean whole = problem.source().line() == 0 && !flag.isEmpty() && !isFlag(problem);
        lines.add((whole ? flag + "=" : "") + problem);
      }
    }
    return new UsageException(String.join("\n", lines));
  }

  /**
   * The same problems; one that concerns the whole of what {@code --resources} names, as that it is
   * not there, is told of the flag.
   *
   * @param resources the flag's value
   */
  public static List<Problem> ofResources(Path resources, List<Problem> problems) {
    Source whole = Source.ofFile(resources.toString());
    Source flag = Source.ofFile("--resources=" + resources);
    return problems.stream()
        .map(
            problem ->
                problem.source().equals(whole)
                    ? new Problem(problem.severity(), flag, problem.field(), problem.message())
                    : problem)
        .toList();
  }

  private static boolean isFlag(Problem problem) {
    return problem.source().file().startsWith("--"); // --dataplane holds the text itself
  }
}
