package io.zoneproxy.core.forward;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** The program h2spec: a client that breaks the rules of HTTP/2 and looks how it is answered. */
final class H2Spec {
  private static final String ARCHIVE = "/h2spec/2.2.0/h2spec_linux_amd64.tar.gz";

  /** A block of a tar archive; the program is the only file, behind its head. */
  private static final int TAR_BLOCK = 512;

  private static final int TAR_SIZE_AT = 124; // octal digits
  private static final int TAR_SIZE_DIGITS = 11;

  private final Path program;

  /**
   * What it found.
   *
   * @param cases how many were asked
   * @param failed their names, as the program takes them
   */
  record Report(int cases, List<String> failed, String output) {}

  private H2Spec(Path program) {
    this.program = program;
  }

  static boolean isMadeForHere() {
    return System.getProperty("os.name").equals("Linux")
        && System.getProperty("os.arch").equals("amd64");
  }

  /** Unpacks it there. */
  static H2Spec in(Path folder) throws IOException {
    Path program = folder.resolve("h2spec");
    try (InputStream in =
        new GZIPInputStream(requireNonNull(H2Spec.class.getResourceAsStream(ARCHIVE), ARCHIVE))) {
      byte[] head = in.readNBytes(TAR_BLOCK);
      int size = Integer.parseInt(new String(head, TAR_SIZE_AT, TAR_SIZE_DIGITS, UTF_8).strip(), 8);
      Files.write(program, in.readNBytes(size));
    }
    program.toFile().setExecutable(true);
    return new H2Spec(program);
  }

  boolean runs() throws InterruptedException {
    try {
      return run(List.of("--version")).startsWith("Version");
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Asks a server.
   *
   * @param seconds to wait for each answer
   * @param cases all when empty
   */
  Report ask(InetSocketAddress address, int seconds, List<String> cases)
      throws IOException, InterruptedException {
    Path report = program.resolveSibling("report.xml");
    Files.deleteIfExists(report);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--host=" + address.getHostString(),
                "--port=" + address.getPort(),
                "--timeout=" + seconds,
                "--junit-report=" + report));
    arguments.addAll(cases);
    String output = run(arguments);
    return read(Files.readString(report), output);
  }

  /** Suites and their cases stand one a line; a case has no name but its place. */
  private static Report read(String xml, String output) {
    List<String> failed = new ArrayList<>();
    int all = 0;
    int place = 0;
    String name = "";
    for (String line : xml.lines().toList()) {
      if (line.contains("<testsuite ")) {
        place = 0;
      } else if (line.contains("<testcase ")) {
        all++;
        place++;
        name = line.replaceFirst(".*package=\"([^\"]*)\".*", "$1") + "/" + place;
      }
      if (line.contains("<failure") || line.contains("<error")) {
        failed.add(name);
      }
    }
    return new Report(all, failed, output);
  }

  private String run(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      process.waitFor();
      return output;
    } finally {
      process.destroyForcibly();
    }
  }
}
