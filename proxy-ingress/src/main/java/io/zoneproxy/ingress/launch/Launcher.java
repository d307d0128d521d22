package io.zoneproxy.ingress.launch;

import io.zoneproxy.ingress.ProxyRole;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;

/** The program's front door: finds the command, runs it, and turns its end into an exit code. */
public final class Launcher {
  /** Whatever a user can mend, and kuma-dp's code for it. */
  public static final int FAILED = 1;

  private static final String RUN = "run";

  private final String program;
  private final Map<String, String> environment;
  private final Supplier<Object> run;
  private final Map<String, Supplier<Object>> commands = new LinkedHashMap<>();

  /**
   * @param program name of the jar, for messages
   * @param roles what {@code --proxy-type} may be
   * @param environment the process's variables
   * @param standardInput what {@code --dataplane-file=-} reads
   */
  public Launcher(
      String program,
      List<ProxyRole> roles,
      Map<String, String> environment,
      InputStream standardInput) {
    this.program = program;
    this.environment = Map.copyOf(environment);
    Roles known = new Roles(program, List.copyOf(roles));
    run = () -> new RunCommand(known, environment, standardInput);
    add(RUN, run);
    add("validate", () -> new ValidateCommand(known, standardInput));
    add("explain", () -> new ExplainCommand(known, standardInput));
    add("version", VersionCommand::new);
    add("train", () -> new TrainCommand(this::run));
  }

  /**
   * Adds a command.
   *
   * @param command makes an object with picocli's annotations; asked only when it is needed
   */
  public Launcher add(String name, Supplier<Object> command) {
    commands.put(name, command);
    return this;
  }

  /** Runs the command of these arguments to its end, and returns the exit code. */
  public int run(String... args) {
    Logging.configure("off", ""); // whoever wants a log says so; the default prints at debug
    CommandLine line = commandLine(args.length == 0 ? "" : args[0]);
    line.setOverwrittenOptionsAllowed(true); // a variable comes last, and wins
    line.setParameterExceptionHandler((e, given) -> fail(line, e));
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          if (e instanceof UsageException) {
            return fail(line, e);
          }
          throw e;
        });
    return line.execute(withEnvironment(args));
  }

  /** Reading the annotations of a command takes time: only the one that is called is made. */
  private CommandLine commandLine(String first) {
    CommandLine line = new CommandLine(run.get());
    line.setCommandName(program);
    commands.forEach(
        (name, command) -> {
          if (name.equals(first) || !(commands.containsKey(first) || first.startsWith("--"))) {
            line.addSubcommand(name, command.get());
          }
        });
    return line;
  }

  private int fail(CommandLine line, Exception e) {
    PrintWriter err = line.getErr();
    String.valueOf(e.getMessage()).lines().forEach(text -> err.println(program + ": " + text));
    err.flush();
    return FAILED;
  }

  /** As in kuma-dp, a variable that is set overrides its flag. */
  private String[] withEnvironment(String[] args) {
    List<String> all = new ArrayList<>(List.of(args));
    boolean other = args.length > 0 && !args[0].equals(RUN) && commands.containsKey(args[0]);
    if (!other) {
      all.addAll(Variables.asFlags(environment));
    }
    return all.toArray(new String[0]);
  }
}
