package io.zoneproxy.ingress.launch;

import io.zoneproxy.ingress.flags.ExitCode;
import io.zoneproxy.ingress.flags.HelpOption;
import io.zoneproxy.ingress.flags.UsageException;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a script that completes the flags and commands in a shell. */
@Command(
    description = "Prints a shell's completion script: source <(zoneproxy completion bash)",
    usageHelpAutoWidth = true)
final class CompletionCommand implements Callable<Integer> {
  private final Supplier<CommandLine> line;

  @Spec CommandSpec spec = CommandSpec.create();

  @Mixin HelpOption help = new HelpOption();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "zoneproxy",
      description = "Of the command that is completed (${DEFAULT-VALUE}).")
  String name = "zoneproxy";

  @Parameters(paramLabel = "bash|zsh|fish", description = "The shell.")
  String shell = "";

  /**
   * Does nothing yet.
   *
   * @param line makes the whole program's command line
   */
  CompletionCommand(Supplier<CommandLine> line) {
    this.line = line;
  }

  @Override
  public Integer call() {
    if (!name.matches("[A-Za-z0-9_.-]+")) {
      throw new UsageException("--name=" + name + " (expected: the name of a command)");
    }
    String script =
        switch (shell) {
          // One script serves both: it loads zsh's own bridge to bash's completion.
          case "bash", "zsh" -> AutoComplete.bash(name, line.get());
          case "fish" -> fish(line.get());
          default ->
              throw new UsageException("completion: " + shell + " (expected: bash, zsh or fish)");
        };
    spec.commandLine().getOut().print(script);
    spec.commandLine().getOut().flush();
    return ExitCode.OK;
  }

  private String fish(CommandLine program) {
    StringBuilder script = new StringBuilder();
    program
        .getSubcommands()
        .forEach(
            (command, sub) -> {
              if (!sub.getCommandSpec().usageMessage().hidden()) {
                script.append(
                    "complete -c %s -n __fish_use_subcommand -f -a %s%n".formatted(name, command));
                flags(script, "__fish_seen_subcommand_from " + command, sub);
              }
            });
    flags(script, "__fish_use_subcommand", program);
    return script.toString();
  }

  private void flags(StringBuilder script, String when, CommandLine of) {
    for (OptionSpec option : of.getCommandSpec().options()) {
      if (!option.hidden()) {
        String value = option.arity().min() > 0 ? " -r" : "";
        script.append(
            String.format(
                Locale.ROOT,
                "complete -c %s -n '%s' -l %s%s%n",
                name,
                when,
                option.longestName().substring(2),
                value));
      }
    }
  }
}
