package io.zoneproxy.ingress.inspect;

import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.text.Lines;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What {@code validate} says of a preview. */
final class Verdict {
  private final Preview preview;

  Verdict(Preview preview) {
    this.preview = preview;
  }

  /** Whether nothing is wrong. */
  boolean isGood() {
    return all().stream().noneMatch(Verdict::isError);
  }

  private List<Problem> all() {
    return Stream.concat(preview.problems().stream(), preview.refusals().stream()).toList();
  }

  /** For people: errors and warnings, one a line, then the routes. */
  String text() {
    Lines text = new Lines();
    for (Problem problem : all()) {
      String word = isError(problem) ? "error  " : "warning";
      text.add(word + ' ' + problem);
    }
    for (ListenerSpec listener : preview.translation().listeners()) {
      RouteList.text(listener, preview, text);
    }
    return text.toString();
  }

  /** For programs. */
  Map<String, Object> tree() {
    List<Object> problems = new ArrayList<>();
    for (Problem problem : all()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("severity", isError(problem) ? "error" : "warning");
      one.put("file", problem.source().file());
      one.put("document", problem.source().document());
      one.put("line", problem.source().line());
      one.put("field", problem.field());
      one.put("message", problem.message());
      problems.add(one);
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("valid", isGood());
    tree.put("problems", problems);
    tree.put("listeners", RouteList.listeners(preview));
    tree.put("clusters", RouteList.clusters(preview.translation().clusters()));
    return tree;
  }

  private static boolean isError(Problem problem) {
    return problem.severity() == Problem.Severity.ERROR;
  }
}
