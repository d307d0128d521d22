package io.zoneproxy.ingress.launch;

import io.zoneproxy.ingress.translate.Explain;
import io.zoneproxy.ingress.translate.Explanation;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
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
final class ExplainCommand implements Callable<Integer> {
  private final Roles roles;
  private final InputStream standardInput;

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this.")
  boolean help;

  @Option(names = "--sni", paramLabel = "NAME", required = true, description = "The server name.")
  String serverName = "";

  @Option(
      names = "--identity",
      paramLabel = "SPIFFE-ID",
      defaultValue = "",
      description = "The caller; decides nothing on passthrough chains.")
  String identity = "";

  @Option(
      names = "--admin",
      paramLabel = "http://HOST:PORT|unix:PATH",
      defaultValue = "",
      description = "Asks a running proxy.")
  String admin = "";

  @Option(names = "--format", paramLabel = "text|json", defaultValue = "text")
  String format = "text";

  @Mixin SourceOptions source = new SourceOptions();

  ExplainCommand(Roles roles, InputStream standardInput) {
    this.roles = roles;
    this.standardInput = standardInput;
  }

  @Override
  public Integer call() {
    Format wanted = Format.of(format);
    Path resources = source.resources;
    if ((resources == null) == admin.isEmpty()) {
      throw new UsageException("explain: one of --resources and --admin is needed, not both");
    }
    PrintWriter out = spec.commandLine().getOut();
    boolean known;
    if (resources == null) {
      AdminClient.Answer answer = AdminClient.of(admin).explain(serverName, format);
      out.print(answer.body());
      known = answer.known();
    } else {
      Preview preview = Preview.of(roles, source, resources, standardInput);
      if (preview.hasErrors()) {
        throw new UsageException(SourceOptions.lines(preview.problems()));
      }
      Explanation answer = Explain.explain(preview.translation().snapshot(), serverName);
      out.print(wanted == Format.JSON ? JsonTree.text(answer.tree()) : answer.text());
      known = answer.isKnown();
    }
    out.flush();
    return known ? 0 : Launcher.FAILED;
  }
}
