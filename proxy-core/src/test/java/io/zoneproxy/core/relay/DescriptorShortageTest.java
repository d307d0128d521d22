package io.zoneproxy.core.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** A proxy in a process of its own that runs out of descriptors for real. */
@ParameterizedClass
@CsvSource({"EPOLL, 160", "EPOLL, 161", "PORTABLE, 160", "PORTABLE, 161"})
final class DescriptorShortageTest {
  /** Enough for a JVM with some forty jars, and a handful of connections. */
  private static final int DESCRIPTORS = 161;

  private final RelayKind relay;
  private final int descriptors;

  /**
   * @param descriptors a connection takes two: with one number the last is taken by an accept, with
   *     the next by a dial
   */
  DescriptorShortageTest(RelayKind relay, int descriptors) {
    this.relay = relay;
    this.descriptors = descriptors;
  }

  /**
   * More than fit, and more than could be reset within the time a socket waits below, if each
   * failed accept cost a pause of 100 ms.
   */
  private static final int BURST = 800;

  private static final int PATIENCE_MILLIS = 20_000;

  private final List<Socket> open = new ArrayList<>();
  private TestUpstream upstream;
  private Process process;
  private BufferedReader output;
  private int port;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(
        new File("/bin/sh").canExecute() && new File("/dev/null").exists(),
        "skipped: needs sh and ulimit");
    upstream = new TestUpstream(TestUpstream.ECHO);
    process = fork(upstream.address().port());
    output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    port = number("port ");
  }

  private Process fork(int upstreamPort) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            "/bin/sh",
            "-c",
            "ulimit -n \"$1\" && shift && exec \"$@\"",
            "sh",
            String.valueOf(descriptors),
            System.getProperty("java.home") + "/bin/java",
            "-Xmx64m",
            "-XX:+UseSerialGC",
            ShortOfDescriptors.class.getName(),
            String.valueOf(upstreamPort),
            relay.name());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** The number behind the word in the next line that begins with it. */
  private int number(String word) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(word)) {
        return Integer.parseInt(line.substring(word.length()));
      }
    }
    throw new IOException("the process has ended");
  }

  @AfterEach
  void stop() throws Exception {
    for (Socket socket : open) {
      socket.close();
    }
    if (process != null) {
      process.getOutputStream().close();
      boolean ended = process.waitFor(30, TimeUnit.SECONDS);
      process.destroyForcibly();
      upstream.close();
      assertThat(ended).isTrue();
    }
  }

  private Socket dial() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    open.add(socket);
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  /** Whether it is relayed; false when it was reset. A connection that hangs fails the test. */
  private static boolean works(Socket socket) throws IOException {
    try {
      socket.getOutputStream().write(new byte[] {'a', '\n'});
      return socket.getInputStream().read() == 'a';
    } catch (SocketException reset) {
      return false;
    }
  }

  private boolean works() throws IOException {
    Socket socket = dial();
    boolean works = works(socket);
    if (!works) {
      socket.close();
    }
    return works;
  }

  private int fill() throws IOException {
    int relayed = 0;
    while (works()) {
      relayed++;
      assertThat(relayed).isLessThan(DESCRIPTORS);
    }
    return relayed;
  }

  private int exhausted() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    return number("exhausted ");
  }

  private Duration cpu() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  @Test
  void resetsWhatItCannotServeAndServesAgainWhenDescriptorsAreFree() throws Exception {
    int relayed = fill();
    assertThat(relayed).isBetween(5, DESCRIPTORS / 2);

    // A burst: all of them wait in the backlog at once, none may hang.
    List<Socket> burst = new ArrayList<>();
    for (int i = 0; i < BURST; i++) {
      burst.add(dial());
    }
    long began = System.nanoTime();
    int served = 0;
    for (Socket socket : burst) {
      served += works(socket) ? 1 : 0;
    }
    assertThat(served).isLessThanOrEqualTo(1); // an odd one may have been left
    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .isLessThan(Duration.ofMillis(PATIENCE_MILLIS));
    assertThat(exhausted()).isGreaterThanOrEqualTo(BURST);

    // Those that were there first have not been disturbed.
    for (Socket socket : open.subList(0, relayed)) {
      socket.getInputStream().skipNBytes(1);
      socket.getOutputStream().write('x');
      assertThat(socket.getInputStream().read()).isEqualTo('x');
    }

    for (Socket socket : open.subList(0, relayed / 2)) {
      socket.close();
    }
    await().until(this::works);
    await().until(this::works);
  }

  @Test
  void relaysOnAndDoesNotSpinWhileItIsShort() throws Exception {
    fill();
    relaysBulk(open.get(0));
    relaysBulk(open.get(1));
    assumeTrue(process.info().totalCpuDuration().isPresent(), "skipped: no CPU time is told");
    Duration before = cpu();
    Duration window = Duration.ofSeconds(2);
    // Connections go on coming, a few at a time.
    await()
        .pollInterval(Duration.ofMillis(100))
        .during(window)
        .atMost(window.multipliedBy(5))
        .until(() -> !works());
    assertThat(cpu().minus(before)).isLessThan(window.dividedBy(2));
  }

  /** There is no descriptor for a pipe either. */
  private void relaysBulk(Socket socket) throws IOException, InterruptedException {
    byte[] sent = new byte[8 << 20];
    new Random(3).nextBytes(sent);
    socket.getInputStream().skipNBytes(1); // the rest of the hello
    Thread writer = new Thread(() -> write(socket, sent));
    writer.start();
    assertThat(Arrays.equals(socket.getInputStream().readNBytes(sent.length), sent)).isTrue();
    writer.join();
  }

  private static void write(Socket to, byte[] bytes) {
    try {
      to.getOutputStream().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
