package io.zoneproxy.ingress.launch;

import io.zoneproxy.ingress.DataplaneRole;
import io.zoneproxy.ingress.IngressRole;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * How a command line ended that was run in this JVM: for those that end by themselves.
 *
 * @param code the exit code
 * @param out all of standard output
 * @param err all of standard error
 */
public record Outcome(int code, String out, String err) {
  /** Runs {@code ingress.jar} with these arguments, without variables and input. */
  public static Outcome of(String... args) {
    return of(Map.of(), "", args);
  }

  /** The same with variables and standard input. */
  public static Outcome of(Map<String, String> environment, String input, String... args) {
    return of(launcher(environment, input), args);
  }

  /** The same with a program for control planes. */
  static Outcome of(ControlPlaneProgram program, Map<String, String> environment, String... args) {
    return of(launcher(environment, "").controlPlane(program), args);
  }

  private static Launcher launcher(Map<String, String> environment, String input) {
    return new Launcher(
        "ingress",
        List.of(new IngressRole(), new DataplaneRole()),
        environment,
        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
  }

  private static Outcome of(Launcher launcher, String... args) {
    PrintStream oldOut = System.out;
    PrintStream oldErr = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      int code = launcher.run(args);
      return new Outcome(
          code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(oldOut);
      System.setErr(oldErr);
    }
  }
}
