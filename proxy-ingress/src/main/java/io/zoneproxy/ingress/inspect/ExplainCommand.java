package io.zoneproxy.ingress.inspect;

import io.zoneproxy.core.text.Lines;
import io.zoneproxy.ingress.explain.Explain;
import io.zoneproxy.ingress.explain.Explanation;
import io.zoneproxy.ingress.explain.Question;
import io.zoneproxy.ingress.flags.ExitCode;
import io.zoneproxy.ingress.flags.HelpOption;
import io.zoneproxy.ingress.flags.Roles;
import io.zoneproxy.ingress.flags.SourceOptions;
import io.zoneproxy.ingress.flags.TrialOptions;
import io.zoneproxy.ingress.flags.UsageException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says where a server name goes: by resource files, or as a running proxy sees it. */
@Command(
    description = "Says where a server name goes, and which names are near an unknown one.",
    usageHelpAutoWidth = true)
public final class ExplainCommand implements Callable<Integer> {
  private final Roles roles;
  private final InputStream standardInput;

  @Spec CommandSpec spec = CommandSpec.create();

  @Mixin HelpOption help = new HelpOption();

  @Option(names = "--sni", paramLabel = "NAME", required = true, description = "The server name.")
  String serverName = "";

  @Option(
      names = "--identity",
      paramLabel = "SPIFFE-ID",
      defaultValue = "",
      description =
          "A caller, as its certificate names it: may it pass, and which permission says so. With"
              + " tags: spiffe://MESH/SERVICE,kuma://TAG/VALUE.")
  String identity = "";

  @Option(
      names = "--admin",
      paramLabel = "http://HOST:PORT|unix:PATH",
      defaultValue = "",
      description = "Asks a running proxy.")
  String admin = "";

  @Option(
      names = "--format",
      paramLabel = "text|json",
      defaultValue = "text",
      description = "Of the answer (${DEFAULT-VALUE}).")
  String format = "text";

  @Mixin SourceOptions source = new SourceOptions();

  @Mixin TrialOptions trial = new TrialOptions();

  /**
   * Does nothing yet.
   *
   * @param roles those of the program: each is looked at
   * @param standardInput what {@code --dataplane-file=-} reads
   */
  public ExplainCommand(Roles roles, InputStream standardInput) {
    this.roles = roles;
    this.standardInput = standardInput;
  }

  @Override
  public Integer call() {
    Format wanted = Format.of(format);
    Optional<Path> resources = source.resources();
    if (resources.isEmpty() == admin.isEmpty()) {
      throw new UsageException(
          "explain: one of --resources and --admin is needed, not both (expected: --resources=DIR"
              + " or --admin=http://HOST:PORT)");
    }
    Question question = question();
    AdminClient.Answer answer =
        resources.isEmpty()
            ? AdminClient.of(admin).explain(question, wanted.name().toLowerCase(Locale.ROOT))
            : fromFiles(resources.get(), question, wanted);
    PrintWriter out = spec.commandLine().getOut();
    out.print(Lines.of(answer.body())); // a running proxy's: that of whoever listens there
    out.flush();
    return answer.served() ? ExitCode.OK : ExitCode.FAILED;
  }

  private Question question() {
    try {
      return Question.about(serverName, identity);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--" + e.getMessage());
    }
  }

  private AdminClient.Answer fromFiles(Path resources, Question question, Format wanted) {
    Preview preview = Preview.of(roles, source, resources, trial.workDir(), standardInput);
    if (preview.hasErrors()) {
      throw UsageException.ofErrors(preview.problems());
    }
    Explanation answer = Explain.explain(preview.snapshot(), preview.refused(), question);
    return new AdminClient.Answer(
        answer.isServed(), wanted == Format.JSON ? JsonTree.text(answer.tree()) : answer.text());
  }
}
