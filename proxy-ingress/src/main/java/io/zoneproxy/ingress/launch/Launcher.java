package io.zoneproxy.ingress.launch;

import io.zoneproxy.ingress.ProxyRole;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** The program's front door: finds the command, runs it, and turns its end into an exit code. */
public final class Launcher {
  /** Whatever a user can mend, and kuma-dp's code for it. */
  public static final int FAILED = 1;

  private final String program;
  private final List<ProxyRole> roles;
  private final Map<String, String> environment;
  private final CommandLine commands;

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
    this.roles = List.copyOf(roles);
    this.environment = Map.copyOf(environment);
    Roles known = new Roles(program, this.roles);
    commands = new CommandLine(new RunCommand(known, environment, standardInput));
    commands.setCommandName(program);
    commands.addSubcommand("run", new RunCommand(known, environment, standardInput));
    commands.addSubcommand("validate", new ValidateCommand(known, standardInput));
    commands.addSubcommand("explain", new ExplainCommand(known, standardInput));
    commands.addSubcommand("version", new VersionCommand());
  }

  /** Adds a command, an object with picocli's annotations. */
  public Launcher add(String name, Object command) {
    commands.addSubcommand(name, command);
    return this;
  }

  /** Runs the command of these arguments to its end, and returns the exit code. */
  public int run(String... args) {
    Logging.configure("off", ""); // whoever wants a log says so; the default prints at debug
    commands.setOverwrittenOptionsAllowed(true); // a variable comes last, and wins
    commands.setParameterExceptionHandler((e, given) -> fail(String.valueOf(e.getMessage())));
    commands.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          if (e instanceof UsageException) {
            return fail(String.valueOf(e.getMessage()));
          }
          throw e;
        });
    return commands.execute(withEnvironment(args));
  }

  private int fail(String message) {
    PrintWriter err = commands.getErr();
    message.lines().forEach(line -> err.println(program + ": " + line));
    err.flush();
    return FAILED;
  }

  /** As in kuma-dp, a variable that is set overrides its flag. */
  private String[] withEnvironment(String[] args) {
    List<String> all = new ArrayList<>(List.of(args));
    boolean other = args.length > 0 && commands.getSubcommands().containsKey(args[0]);
    if (!other || args[0].equals("run")) {
      all.addAll(Variables.asFlags(environment));
    }
    return all.toArray(new String[0]);
  }
}
