package io.zoneproxy.core.config.yaml;

import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Source;
import java.util.List;
import org.snakeyaml.engine.v2.nodes.Node;

/** Collects what is wrong in one document, and remembers whether that refuses it. */
public final class ProblemLog {
  /** Nobody reads more in one go; a hostile file must not fill the memory with its errors. */
  public static final int MAX_PROBLEMS = 1000;

  private final String file;
  private final int document;
  private final List<Problem> problems;
  private boolean failed;

  /**
   * @param file as {@link Source#file()}
   * @param document as {@link Source#document()}
   * @param problems where they are added; shared by the documents of a file
   */
  public ProblemLog(String file, int document, List<Problem> problems) {
    this.file = file;
    this.document = document;
    this.problems = problems;
  }

  /** Reports what refuses the document. */
  public void error(Source source, String field, String message) {
    failed = true;
    add(Problem.error(source, field, message));
  }

  /** Reports what does not. */
  public void warning(Source source, String field, String message) {
    add(Problem.warning(source, field, message));
  }

  /** Whether an error was reported, so that the document is refused. */
  public boolean failed() {
    return failed;
  }

  /** Where a node begins. */
  public Source source(Node node) {
    return source(YamlDocuments.line(node));
  }

  /** A line of this document. */
  public Source source(int line) {
    return new Source(file, document, line);
  }

  private void add(Problem problem) {
    if (problems.size() < MAX_PROBLEMS) {
      problems.add(problem);
    } else if (problems.size() == MAX_PROBLEMS) {
      problems.add(
          Problem.error(
              problem.source(),
              "",
              "more than " + MAX_PROBLEMS + " problems in this file, the rest is not shown"));
    }
  }
}
