package io.zoneproxy.ingress.inspect;

import io.zoneproxy.core.config.yaml.Shown;
import io.zoneproxy.ingress.flags.ExitCode;
import io.zoneproxy.ingress.flags.HelpOption;
import io.zoneproxy.ingress.flags.Roles;
import io.zoneproxy.ingress.flags.SourceOptions;
import io.zoneproxy.ingress.flags.TrialOptions;
import io.zoneproxy.ingress.flags.UsageException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Says what would be routed, and every error with file, document and field; of a control plane's
 * resources also what becomes of every field.
 */
@Command(
    description =
        "Says what resource files, or the resources of a control plane, would route, and every"
            + " error in them.",
    usageHelpAutoWidth = true)
public final class ValidateCommand implements Callable<Integer> {
  /** Times the heap that was too small. */
  private static final int LARGER = 4;

  private final Roles roles;
  private final InputStream standardInput;

  @Spec CommandSpec spec = CommandSpec.create();

  @Mixin HelpOption help = new HelpOption();

  @Mixin SourceOptions source = new SourceOptions();

  @Mixin TrialOptions trial = new TrialOptions();

  @Option(
      names = "--snapshot",
      paramLabel = "FILE",
      defaultValue = "",
      description =
          "Instead of --resources: what a control plane sends, or the /config_dump of a proxy.")
  String snapshot = "";

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
    Optional<Path> resources = source.resources();
    if (resources.isPresent() != snapshot.isEmpty()) {
      throw new UsageException(
          "validate: one of --resources and --snapshot is needed, not both (expected:"
              + " --resources=DIR or FILE, or --snapshot=FILE)");
    }
    try {
      return resources.isPresent() ? ofFiles(resources.get(), wanted) : ofSnapshot(wanted);
    } catch (OutOfMemoryError e) { // what filled it is garbage by now
      throw tooLarge(resources);
    }
  }

  private UsageException tooLarge(Optional<Path> resources) {
    long heap = Runtime.getRuntime().maxMemory() >> 20;
    String what =
        resources.isPresent()
            ? "--resources=" + resources.get()
            : "--snapshot=%s: %,d bytes".formatted(snapshot, file().toFile().length());
    return new UsageException(
        what
            + " need more than the heap of %,d MiB (expected: a larger one, java -Xmx%dm -jar …, or"
                .formatted(heap, heap * LARGER)
            + " ZONEPROXY_JAVA_OPTS=-Xmx%dm for config/bin/zoneproxy)".formatted(heap * LARGER));
  }

  private int ofFiles(Path resources, Format wanted) {
    Preview preview = Preview.of(roles, source, resources, trial.workDir(), standardInput);
    Verdict verdict = new Verdict(preview);
    print(wanted == Format.JSON ? JsonTree.text(verdict.tree()) : verdict.text());
    return verdict.isGood() ? ExitCode.OK : ExitCode.FAILED;
  }

  private int ofSnapshot(Format wanted) {
    SnapshotVerdict verdict = SnapshotFile.read(file());
    print(wanted == Format.JSON ? JsonTree.text(verdict.tree()) : verdict.text());
    return verdict.refusesAny() ? ExitCode.FAILED : ExitCode.OK;
  }

  private Path file() {
    try {
      return Path.of(snapshot);
    } catch (InvalidPathException e) {
      throw new UsageException(
          "--snapshot=" + Shown.text(snapshot) + ": is no path (expected: a file)");
    }
  }

  private void print(String answer) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(answer);
    out.flush();
  }
}
