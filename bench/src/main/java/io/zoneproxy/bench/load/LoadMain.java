package io.zoneproxy.bench.load;

import io.zoneproxy.bench.load.tls.Certificates;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The load generator as a process of its own. It takes one command a line from standard input and
 * answers each with one line; it ends with its input, so that it never outlives the harness.
 *
 * <pre>
 * start HOST:PORT WORK[+WORK…]         ok | error TEXT
 * measure WARM_MILLIS MILLIS PID[,PID…] ok SECONDS CPU OWN_CPU FIGURE[+FIGURE…]; PID may be "-"
 * stop                                 ok [TEXT]   what was lost or changed, if anything was
 * </pre>
 */
public final class LoadMain {
  private final LoadSession session;

  private LoadMain(LoadSession session) {
    this.session = session;
  }

  /**
   * Runs it.
   *
   * @param args where the upstream server listens, the server name of the ClientHellos, and the
   *     folder of certificates where TLS is ended
   */
  public static void main(String[] args) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (LoadSession session = new LoadSession(address(args[0]), args[1], certificates(args))) {
      LoadMain main = new LoadMain(session);
      out.println("ok");
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        out.println(main.answer(line));
      }
    }
  }

  private static Optional<Certificates> certificates(String[] args) {
    return args.length > 2 ? Optional.of(new Certificates(Path.of(args[2]))) : Optional.empty();
  }

  private String answer(String line) {
    List<String> words = List.of(line.split(" ", -1));
    try {
      return "ok " + run(words);
    } catch (IOException e) {
      return "error " + e.getMessage();
    }
  }

  private String run(List<String> words) throws IOException {
    switch (words.get(0)) {
      case "start" -> {
        session.start(address(words.get(1)), Work.parseAll(words.get(2)));
        return "";
      }
      case "measure" -> {
        long warm = Long.parseLong(words.get(1));
        long length = Long.parseLong(words.get(2));
        return session.measure(warm, length, pids(words.get(3))).toString();
      }
      case "stop" -> {
        return session.stop();
      }
      default -> throw new IOException(words.get(0) + " (expected: start, measure or stop)");
    }
  }

  private static List<Integer> pids(String text) {
    return text.equals("-")
        ? List.of()
        : Arrays.stream(text.split(",")).map(Integer::valueOf).toList();
  }

  private static InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    return new InetSocketAddress(
        text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }
}
