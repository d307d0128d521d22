package io.zoneproxy.egress.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.observe.access.AccessLog;
import io.zoneproxy.core.observe.access.AccessLogFormat;
import io.zoneproxy.egress.e2e.KumaTexts.Instance;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a client calls itself, its line in the access log is one line, and its own. */
final class AccessLogTest {
  private static final String ECHO = TwoZones.tagged("echo");

  private static final List<String> HOSTILE =
      List.of(
          ECHO + "\0",
          "echo\r\nreason=DONE origin=none",
          "\u001b[31mred\u001b[0m",
          "\",\"reason\":\"DONE\",\"x\":\"",
          "a\\\"b\\",
          "${jndi:ldap://127.0.0.1/x}",
          "%s%n%x",
          "<script>alert(1)</script>",
          "\u00e9\u00ff",
          "x".repeat(1024),
          "y".repeat(1025),
          "z".repeat(16_000));

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @ParameterizedTest
  @EnumSource(AccessLogFormat.class)
  void hostileServerNamesNeverArriveRaw(AccessLogFormat format, @TempDir Path folder)
      throws IOException {
    ServerStats stats = new ServerStats();
    try (EchoService service = new EchoService();
        AccessLog log = AccessLog.toStream("the test", out, format, stats);
        TwoZones zones =
            TwoZones.in(folder)
                .with(Instance.of("echo", service.port()))
                .egressObserver(log)
                .start()) {
      for (String name : HOSTILE) {
        try (RawClient client = RawClient.dial(zones.door(), name)) {
          assertThat(client.readToTheEnd()).isEmpty();
        }
      }
      try (RawClient client = RawClient.dial(zones.door(), ECHO)) {
        client.socket.shutdownOutput();
        assertThat(client.readToTheEnd()).isNotEmpty();
      }
      await().until(() -> zones.egress.stats().destroyed.sum() == HOSTILE.size() + 1);
    }
    String text = out.toString(UTF_8);
    assertThat(stats.accessLogDropped.sum()).isZero();
    assertThat(text.lines()).hasSize(HOSTILE.size() + 1);
    assertThat(text.chars().filter(c -> c != '\n' && c != '\u2026'))
        .allMatch(c -> c >= ' ' && c <= '~');
    assertThat(text.lines()).allSatisfy(line -> assertThat(line.length()).isLessThan(1_500));
    List<String> lines = text.lines().toList();
    assertThat(lines.subList(0, HOSTILE.size()))
        .allSatisfy(line -> assertThat(reason(format, line)).isIn("NO_ROUTE", "MALFORMED_HELLO"));
    assertThat(reason(format, lines.get(HOSTILE.size()))).isEqualTo("DONE");
  }

  /** The last field of the name, as a reader would find it that knows the format. */
  private static String reason(AccessLogFormat format, String line) {
    String key = format == AccessLogFormat.JSON ? ",\"reason\":\"" : " reason=";
    int start = line.lastIndexOf(key) + key.length();
    assertThat(line.indexOf(key)).as(line).isEqualTo(start - key.length()); // forged by nobody
    return line.substring(start).split("[\" ]", 2)[0];
  }
}
