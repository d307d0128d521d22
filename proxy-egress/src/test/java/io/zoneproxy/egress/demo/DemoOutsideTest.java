package io.zoneproxy.egress.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The demo with its own proxies, which end TLS for what is outside of the mesh. */
final class DemoOutsideTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, UTF_8);

  @Test
  void theOneWhoMayIsAnsweredAndTheOtherIsRefused() {
    int code = run(DemoProxies::start);

    assertThat(code).as(output()).isZero();
    assertThat(output())
        .containsPattern("client -> weather, HTTPS +200, sunny +5 +0")
        .containsPattern("stranger -> weather, HTTPS +403 +5 +0")
        .containsPattern("client -> clock, TCP +it is noon +5 +0")
        .containsPattern("stranger -> clock, TCP +closed +5 +0")
        .contains("every request was answered rightly");
  }

  @Test
  void aStrangerWhoPassesIsAFault() {
    int code =
        run(
            (world, seen) -> {
              Path file = world.resources("east").resolve("outside.yaml");
              String open = Files.readString(file).replace("name: demo-client", "name: stranger");
              Files.writeString(file, open);
              return DemoProxies.start(world, seen);
            });

    assertThat(code).isEqualTo(1);
    assertThat(output())
        .contains("stranger -> clock, TCP: it is noon (expected: closed)")
        .contains("client -> clock, TCP: closed (expected: it is noon)")
        .contains("NOT every request was answered");
  }

  private int run(DemoZoneProxies.Factory factory) {
    return Demo.run(new DemoOptions(true, 2), out, factory, new CountDownLatch(1));
  }

  private String output() {
    return bytes.toString(UTF_8);
  }
}
