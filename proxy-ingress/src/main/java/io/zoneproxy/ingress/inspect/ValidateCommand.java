package io.zoneproxy.ingress.inspect;

import io.zoneproxy.ingress.flags.ExitCode;
import io.zoneproxy.ingress.flags.Roles;
import io.zoneproxy.ingress.flags.SourceOptions;
import io.zoneproxy.ingress.flags.UsageException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
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
public final class ValidateCommand implements Callable<Integer> {
  private final Roles roles;
  private final InputStream standardInput;

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this.")
  boolean help;

  @Mixin SourceOptions source = new SourceOptions();

  @Option(
      names = "--format",
      paramLabel = "text|json",
      defaultValue = "text",
      description = "Of the answer (${DEFAULT-VALUE}).")
  String format = "text";

  /**
   * Does nothing yet.
   *
   * @param roles those of the program: each is shown
   * @param standardInput what {@code --dataplane-file=-} reads
   */
  public ValidateCommand(Roles roles, InputStream standardInput) {
    this.roles = roles;
    this.standardInput = standardInput;
  }

  @Override
  public Integer call() {
    Format wanted = Format.of(format);
    Path resources =
        source
            .resources()
            .orElseThrow(
                () ->
                    new UsageException(
                        "validate: --resources is missing (expected: a folder or a file)"));
    Preview preview = Preview.of(roles, source, resources, standardInput);
    Verdict verdict = new Verdict(preview);
    PrintWriter out = spec.commandLine().getOut();
    out.print(wanted == Format.JSON ? JsonTree.text(verdict.tree()) : verdict.text());
    out.flush();
    return preview.hasErrors() ? ExitCode.FAILED : ExitCode.OK;
  }
}
