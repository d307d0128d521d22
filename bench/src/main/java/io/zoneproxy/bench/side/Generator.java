package io.zoneproxy.bench.side;

import io.zoneproxy.bench.load.LoadMain;
import io.zoneproxy.bench.load.Measured;
import io.zoneproxy.bench.load.Work;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The load generator's process; it answers each command with a line. */
final class Generator implements AutoCloseable {
  /** Small, and without a second thread that would take the generator's CPU. */
  private static final List<String> JVM =
      List.of(
          "-XX:+UseSerialGC",
          "-Xms128m",
          "-Xmx256m",
          "-XX:-UsePerfData",
          "-Dio.netty.leakDetection.level=disabled");

  private static final String OK = "ok";

  private final Process process;
  private final BufferedWriter out;
  private final BufferedReader in;

  private Generator(Process process) {
    this.process = process;
    this.out = process.outputWriter(StandardCharsets.UTF_8);
    this.in = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts it on its CPU, and waits until the upstream server listens. */
  static Generator start(String serverName, int upstreamPort) throws IOException {
    return start(serverName, upstreamPort, Optional.empty());
  }

  /**
   * The same.
   *
   * @param certificates folder; empty where no TLS is ended
   */
  static Generator start(String serverName, int upstreamPort, Optional<Path> certificates)
      throws IOException {
    List<String> command =
        Stream.of(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()),
                JVM,
                List.of("-cp", System.getProperty("java.class.path"), LoadMain.class.getName()),
                List.of(Place.HOST + ":" + upstreamPort, serverName),
                certificates.map(Path::toString).stream().toList())
            .flatMap(List::stream)
            .toList();
    Process process =
        new ProcessBuilder(Cpus.SECOND.pin(command))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Generator generator = new Generator(process);
    generator.answer();
    return generator;
  }

  /** Lets it use these CPUs from now on. */
  void moveTo(Cpus cpus) throws IOException {
    cpus.move(process.pid());
  }

  /** Starts works against a port, and waits until all connections are there. */
  void begin(int port, List<Work> works) throws IOException {
    String all = works.stream().map(Work::toString).collect(Collectors.joining("+"));
    ask("start " + Place.HOST + ":" + port + " " + all);
  }

  /** Measures the works that run, after a while. */
  Measured measure(long warmMillis, long millis, List<Integer> pids) throws IOException {
    String list = pids.stream().map(String::valueOf).collect(Collectors.joining(","));
    String who = pids.isEmpty() ? "-" : list;
    return Measured.parse(ask("measure " + warmMillis + " " + millis + " " + who));
  }

  /** Ends the works; "" when nothing was lost or changed, otherwise what was. */
  String end() throws IOException {
    return ask("stop");
  }

  private String ask(String command) throws IOException {
    out.write(command);
    out.newLine();
    out.flush();
    return answer();
  }

  private String answer() throws IOException {
    String line = in.readLine();
    if (line == null) {
      throw new IOException("the load generator has ended");
    }
    if (!line.startsWith(OK)) {
      throw new IOException(line);
    }
    return line.substring(OK.length()).strip();
  }

  /** It ends with its input. */
  @Override
  public void close() throws IOException {
    out.close();
  }
}
