package io.zoneproxy.ingress.launch;

import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.resource.Problem;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what would be routed, and every error with file, document and field. */
@Command(
    description = "Says what resource files would route, and every error in them.",
    usageHelpAutoWidth = true)
final class ValidateCommand implements Callable<Integer> {
  private final Roles roles;
  private final InputStream standardInput;

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this.")
  boolean help;

  @Mixin SourceOptions source = new SourceOptions();

  @Option(names = "--format", paramLabel = "text|json", defaultValue = "text")
  String format = "text";

  ValidateCommand(Roles roles, InputStream standardInput) {
    this.roles = roles;
    this.standardInput = standardInput;
  }

  @Override
  public Integer call() {
    Path resources = source.resources;
    if (resources == null) {
      throw new UsageException("validate: --resources is missing (expected: a folder or a file)");
    }
    Preview preview = Preview.of(roles, source, resources, standardInput);
    PrintWriter out = spec.commandLine().getOut();
    out.print(Format.of(format) == Format.JSON ? JsonTree.text(tree(preview)) : text(preview));
    out.flush();
    return preview.hasErrors() ? Launcher.FAILED : 0;
  }

  private static String text(Preview preview) {
    StringBuilder text = new StringBuilder();
    for (Problem problem : preview.problems()) {
      String word = problem.severity() == Problem.Severity.ERROR ? "error  " : "warning";
      text.append(word).append(' ').append(problem).append('\n');
    }
    for (ListenerSpec listener : preview.translation().listeners()) {
      text.append(RouteList.text(listener, preview.translation().clusters()));
    }
    return text.toString();
  }

  private static Map<String, Object> tree(Preview preview) {
    List<Object> problems = new ArrayList<>();
    for (Problem problem : preview.problems()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("severity", problem.severity() == Problem.Severity.ERROR ? "error" : "warning");
      one.put("file", problem.source().file());
      one.put("document", problem.source().document());
      one.put("line", problem.source().line());
      one.put("field", problem.field());
      one.put("message", problem.message());
      problems.add(one);
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("valid", !preview.hasErrors());
    tree.put("problems", problems);
    tree.put("listeners", RouteList.listeners(preview.translation().listeners()));
    tree.put("clusters", RouteList.clusters(preview.translation().clusters()));
    return tree;
  }
}
