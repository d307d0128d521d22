package io.zoneproxy.ingress.launch;

import io.zoneproxy.core.config.yaml.Nearest;
import io.zoneproxy.core.text.Visible;
import io.zoneproxy.ingress.ProxyRole;
import io.zoneproxy.ingress.flags.ExitCode;
import io.zoneproxy.ingress.flags.Roles;
import io.zoneproxy.ingress.flags.UsageException;
import io.zoneproxy.ingress.flags.Variables;
import io.zoneproxy.ingress.inspect.ExplainCommand;
import io.zoneproxy.ingress.inspect.ValidateCommand;
import io.zoneproxy.ingress.inspect.WaitCommand;
import io.zoneproxy.ingress.logging.Logging;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program's front door: finds the command, runs it, and turns its end into an exit code. */
public final class Launcher {
  private static final String RUN = "run";
  private static final String RESOURCES = "--resources";

  // Netty names its channels after a network card, and warns where there is none, as in a
  // container; nobody here looks at those names. Any address of those that are given out locally.
  private static final String MACHINE_ID = "io.netty.machineId";
  private static final String ANY_MACHINE = "02:00:00:00:00:00";

  // Netty has events for the flight recorder, and loading that takes a third of the time to ready.
  private static final String NETTY_EVENTS = "io.netty.jfr.enabled";

  // Netty follows one buffer in 128 to find leaks, for 2.5 % of the CPU time of bulk in TLS; our
  // tests follow each of them.
  private static final String LEAK_DETECTION = "io.netty.leakDetection.level";

  // Direct memory without clearing it first, for which the jars open java.nio: 4 MB less for each
  // chunk that is used a little. Where that is not open, Netty clears as the JDK does.
  private static final String UNCLEARED_MEMORY = "io.netty.tryReflectionSetAccessible";

  // Names of control planes: after a failover the next attempt finds the new address. The JVM keeps
  // a name for 30 s, unless its security properties say something else; those come before this.
  private static final String NAME_SECONDS = "sun.net.inetaddr.ttl";
  private static final String FEW = "5";

  /** Commands that the smaller jar has not. */
  private static final List<String> OF_THE_EGRESS = List.of("demo", "certificate");

  private static final List<String> HELP = List.of("-h", "--help");

  private final String program;
  private final Map<String, String> environment;
  private final Supplier<RunCommand> run;
  private Optional<ControlPlaneProgram> controlPlane = Optional.empty();
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
    run = () -> new RunCommand(known, this.environment, standardInput, controlPlane);
    add("validate", () -> new ValidateCommand(known, standardInput));
    add("explain", () -> new ExplainCommand(known, standardInput));
    add("version", VersionCommand::new);
    add("wait", WaitCommand::new);
    add("completion", () -> new CompletionCommand(this::everyCommand));
    boolean hasEgress = roles.stream().anyMatch(role -> role.proxyType().equals("egress"));
    // Without the variables, which are those of the run that the archive is made for.
    add(
        "train",
        () -> {
          Launcher trained = new Launcher(program, roles, Map.of(), standardInput);
          controlPlane.ifPresent(trained::controlPlane);
          return new TrainCommand(trained::run, hasEgress, controlPlane.isPresent());
        });
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

  /** Gives it what runs when a control plane drives the proxy; without one that is refused. */
  public Launcher controlPlane(ControlPlaneProgram program) {
    controlPlane = Optional.of(program);
    return this;
  }

  /** Runs the command of these arguments to its end, and returns the exit code. */
  public int run(String... args) {
    setUnlessGiven(MACHINE_ID, ANY_MACHINE);
    setUnlessGiven(NETTY_EVENTS, "false");
    setUnlessGiven(LEAK_DETECTION, "disabled");
    setUnlessGiven(UNCLEARED_MEMORY, "true");
    setUnlessGiven(NAME_SECONDS, FEW);
    Logging.configure("off", ""); // whoever wants a log says so
    List<String> given = new ArrayList<>(List.of(args));
    removeRun(given);
    boolean other = !given.isEmpty() && commands.containsKey(given.get(0));
    List<String> variables = other ? List.of() : Variables.asFlags(environment);
    if (!other && !fromFiles(given, variables)) {
      controlPlane.ifPresent(ControlPlaneProgram::prepare); // beside the reading of the flags
    }
    CommandLine line = commandLine(given, other);
    line.setOverwrittenOptionsAllowed(true); // a variable comes last, and wins
    line.setParameterExceptionHandler((e, all) -> fail(line, message(e, given), other));
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          if (e instanceof UsageException) {
            return fail(line, String.valueOf(e.getMessage()), other);
          }
          throw e; // a fault of ours: picocli prints the stack trace, and the exit code is 1
        });
    given.addAll(variables);
    return line.execute(given.toArray(new String[0]));
  }

  /** Whether no control plane is asked, as far as that can be seen before the flags are read. */
  private static boolean fromFiles(List<String> given, List<String> variables) {
    return Stream.concat(given.stream(), variables.stream())
        .anyMatch(each -> each.startsWith(RESOURCES) || HELP.contains(each));
  }

  private static void setUnlessGiven(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /** The word may come after the flags of the log, which kuma-dp has for all its commands. */
  private static void removeRun(List<String> given) {
    int first = 0;
    while (first < given.size() && given.get(first).startsWith("--log-")) {
      first += given.get(first).contains("=") ? 1 : 2; // its value may be the next word
    }
    if (first < given.size() && given.get(first).equals(RUN)) {
      given.remove(first);
    }
  }

  private CommandLine everyCommand() {
    return commandLine(HELP, false);
  }

  /** Reading the annotations of a command takes time: only what is called, or listed, is made. */
  private CommandLine commandLine(List<String> given, boolean other) {
    CommandLine line = run.get().line();
    line.setCommandName(program);
    boolean list = !other && given.stream().anyMatch(HELP::contains);
    commands.forEach(
        (name, command) -> {
          if (list || (other && name.equals(given.get(0)))) {
            line.addSubcommand(name, command.get());
          }
        });
    return line;
  }

  private String message(ParameterException e, List<String> given) {
    String first = given.isEmpty() ? "" : given.get(0);
    if (OF_THE_EGRESS.contains(first) && !commands.containsKey(first)) {
      return "%1$s.jar has no %2$s (expected: java -jar egress.jar %2$s)".formatted(program, first);
    }
    List<String> unknown =
        e instanceof UnmatchedArgumentException unmatched
            ? unmatched.getUnmatched()
            : e instanceof MissingParameterException
                ? misspelled(e.getCommandLine(), given)
                : List.of();
    if (unknown.isEmpty()) {
      return String.valueOf(e.getMessage());
    }
    CommandLine of = e.getCommandLine();
    String listed =
        of.getParent() == null
            ? "flags and commands that --help lists"
            : "what %s --help lists".formatted(of.getCommandName());
    return "unknown: %s (expected: %s%s)"
        .formatted(shown(unknown), listed, Nearest.hint(name(unknown.get(0)), words(of)));
  }

  /** Flags without their values: one of them may be a token. A word alone was to be a command. */
  private static String shown(List<String> unknown) {
    List<String> flags = unknown.stream().filter(each -> each.startsWith("-")).toList();
    return flags.isEmpty()
        ? unknown.get(0)
        : flags.stream().map(Launcher::name).collect(Collectors.joining(" "));
  }

  /** A flag that is missing may be there, but for a letter. */
  private List<String> misspelled(CommandLine of, List<String> given) {
    List<String> known = words(of);
    return given.stream()
        .filter(each -> each.startsWith("--") && !known.contains(name(each)))
        .toList();
  }

  /** All that may stand on its line: flags and commands. */
  private List<String> words(CommandLine of) {
    boolean first = of.getParent() == null; // not every command is made, but each may stand there
    List<String> words = new ArrayList<>(first ? commands.keySet() : List.of());
    of.getCommandSpec().options().forEach(option -> words.addAll(List.of(option.names())));
    return words;
  }

  /** Without its value. */
  private static String name(String argument) {
    int equals = argument.indexOf('=');
    return equals < 0 ? argument : argument.substring(0, equals);
  }

  private int fail(CommandLine line, String message, boolean other) {
    PrintWriter err = line.getErr();
    for (String text : message.lines().toList()) {
      String blamed = other ? text : Variables.blame(environment, text);
      err.println(program + ": " + Visible.line(blamed)); // it may quote a file, or a peer
    }
    err.flush();
    return ExitCode.FAILED;
  }
}
