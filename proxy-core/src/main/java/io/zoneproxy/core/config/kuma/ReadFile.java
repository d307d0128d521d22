package io.zoneproxy.core.config.kuma;

import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resource;
import io.zoneproxy.core.resource.Source;
import java.util.List;

/**
 * What a file holds.
 *
 * @param documents in the order written, empty ones left out
 * @param problems all that is wrong or odd with it
 */
public record ReadFile(List<Document> documents, List<Problem> problems) {
  public ReadFile {
    documents = List.copyOf(documents);
    problems = List.copyOf(problems);
  }

  /** The resources that can be used, in the order written. */
  public List<Resource> resources() {
    return documents.stream()
        .filter(Document.Accepted.class::isInstance)
        .map(document -> ((Document.Accepted) document).resource())
        .toList();
  }

  /** Whether a document is refused, or the text ends in what cannot be read. */
  public boolean hasErrors() {
    return problems.stream().anyMatch(problem -> problem.severity() == Problem.Severity.ERROR);
  }

  /** What became of one document. */
  public sealed interface Document {
    /** A resource to use. */
    record Accepted(Resource resource) implements Document {}

    /**
     * A kind that does not concern a zone proxy yet, or a resource that is left out with a warning.
     *
     * @param type Kuma's kind
     */
    record Ignored(Source source, String type) implements Document {}

    /** One with an error; the problems say which. */
    record Refused(Source source) implements Document {}
  }
}
