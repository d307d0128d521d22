package io.zoneproxy.ingress.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.listener.BindException;
import io.zoneproxy.core.relay.TestUpstream;
import io.zoneproxy.tls.hello.ClientHellos;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example does what the documentation says of it. */
final class EmbeddedIngressTest {
  private static final Pattern LISTENING = Pattern.compile("listening on /127\\.0\\.0\\.1:(\\d+)");
  private static final byte[] HELLO =
      ClientHellos.records(ClientHellos.withServerName("echo{mesh=default}"));

  private final InputStream in = System.in;
  private final PrintStream out = System.out;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @AfterEach
  void giveBack() {
    System.setIn(in);
    System.setOut(out);
  }

  @Test
  void servesReloadsAndEnds(@TempDir Path temporary) throws Exception {
    PipedOutputStream typed = new PipedOutputStream();
    System.setIn(new PipedInputStream(typed));
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    Path folder = Files.createDirectory(temporary.resolve("mesh"));
    Path own =
        Files.writeString(
            temporary.resolve("ingress.yaml"),
            "{type: ZoneIngress, name: i, networking: {address: 127.0.0.1, port: 0}}");
    try (TestUpstream service = new TestUpstream(TestUpstream.ECHO)) {
      CompletableFuture<Void> run =
          CompletableFuture.runAsync(() -> runMain("west", own.toString(), folder.toString()));
      await().until(() -> run.isDone() || LISTENING.matcher(printed()).find());
      Matcher listening = LISTENING.matcher(printed());
      assertThat(listening.find()).as(printed()).isTrue();
      int port = Integer.parseInt(listening.group(1));
      assertThat(echoed(port)).isEmpty();

      Files.writeString(folder.resolve("all.yaml"), resources(service.address().port()));
      typed.write('\n');
      await().until(() -> printed().contains("problems: []"));
      assertThat(echoed(port)).isEqualTo(HELLO);
      await().until(() -> printed().contains("echo{mesh=default} DONE")); // both FINs have passed

      typed.close();
      run.get(20, TimeUnit.SECONDS);
    }
    assertThat(printed()).contains("echo{mesh=default} NO_ROUTE");
  }

  private static void runMain(String... args) {
    try {
      EmbeddedIngress.main(args);
    } catch (IOException | BindException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] echoed(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(HELLO);
      return socket.getInputStream().readNBytes(HELLO.length);
    }
  }

  private static String resources(int port) {
    return """
    type: Mesh
    name: default
    mtls: {enabledBackend: ca, backends: [{name: ca, type: builtin}]}
    ---
    type: Dataplane
    mesh: default
    name: echo-1
    networking:
      address: 127.0.0.1
      inbound: [{port: %d, tags: {kuma.io/service: echo}}]
    """
        .formatted(port);
  }

  private String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }
}
