package io.zoneproxy.core.observe.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.observe.access.operator.ShownText;
import io.zoneproxy.core.text.JsonReader;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessLogFormatTest {
  private static final List<String> FIELDS =
      List.of(
          "time conn listener downstream sni peer tls_version tls_cipher chain cluster upstream attempts connect_ms"
              .split(" "));

  @Test
  void writesEveryFieldAsJson() {
    String line = line(AccessLogFormat.JSON, Records.relayed(17));

    assertThat(line)
        .isEqualTo(
            "{\"time\":\"2026-03-04T05:06:07.089Z\",\"conn\":17,"
                + "\"listener\":\"inbound:10.0.0.1:10001\",\"downstream\":\"192.168.0.7:40000\","
                + "\"sni\":\"backend{mesh=default}\",\"peer\":null,\"tls_version\":null,"
                + "\"tls_cipher\":null,\"chain\":\"backend{mesh=default}\","
                + "\"cluster\":\"default:backend\",\"upstream\":\"[fd00::1]:2521\",\"attempts\":2,"
                + "\"connect_ms\":3,\"bytes_up\":5120,\"bytes_down\":88211,\"duration_ms\":412,"
                + "\"reason\":\"DONE\",\"origin\":\"none\",\"detail\":null}\n");
  }

  @Test
  void writesTheSameFieldsAsText() {
    String line = line(AccessLogFormat.TEXT, Records.relayed(17));

    assertThat(line)
        .isEqualTo(
            "time=2026-03-04T05:06:07.089Z conn=17 listener=inbound:10.0.0.1:10001"
                + " downstream=192.168.0.7:40000 sni=\"backend{mesh=default}\""
                + " peer=- tls_version=- tls_cipher=-"
                + " chain=\"backend{mesh=default}\" cluster=default:backend"
                + " upstream=[fd00::1]:2521 attempts=2 connect_ms=3 bytes_up=5120"
                + " bytes_down=88211 duration_ms=412 reason=DONE origin=none detail=-\n");
  }

  @Test
  void saysNullOrDashForWhatIsNotKnown() {
    ConnectionRecord refused = Records.refused("", CloseReason.NO_SNI, "");

    Map<String, Object> json = JsonReader.object(line(AccessLogFormat.JSON, refused).strip());
    assertThat(json).containsEntry("sni", null).containsEntry("upstream", null);
    assertThat(json).containsEntry("time", "2026-03-04T05:06:07.000Z");
    assertThat(line(AccessLogFormat.TEXT, refused))
        .contains(
            " downstream=- sni=- peer=- tls_version=- tls_cipher=- chain=- cluster=- upstream=- ")
        .endsWith(" reason=NO_SNI origin=downstream detail=-\n");
  }

  @ParameterizedTest
  @EnumSource(CloseReason.class)
  void everyLineSaysWhyAndWhoseFaultItWas(CloseReason reason) {
    ConnectionRecord closed = Records.refused("a.b", reason, "x");

    assertThat(line(AccessLogFormat.TEXT, closed))
        .contains("reason=" + reason + " origin=" + reason.origin().label());
    assertThat(JsonReader.object(line(AccessLogFormat.JSON, closed).strip()))
        .containsEntry("reason", reason.name())
        .containsEntry("origin", reason.origin().label());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a reason=DONE origin=none",
        "a\" reason=DONE x=\"",
        "a\nconn=1 reason=DONE",
        "a\\\" reason=DONE",
        "a\r\n{\"conn\":1}",
        "\u001b[2J",
        "-",
        "x=y",
        "\u202egpj",
        "half \ud83d",
        "ünïcode",
        "\"",
        "\\",
        "\",\"reason\":\"DONE\",\"x\":\""
      })
  void aServerNameForgesNeitherFieldsNorLines(String serverName) {
    ConnectionRecord closed = Records.refused(serverName, CloseReason.NO_ROUTE, serverName);
    String readBack = serverName.replace('\ud83d', '\ufffd');

    String text = line(AccessLogFormat.TEXT, closed);
    assertThat(text.indexOf('\n')).isEqualTo(text.length() - 1);
    Map<String, String> fields = new TextLine(text).fields();
    assertThat(fields.keySet()).startsWith(FIELDS.toArray(new String[0])).hasSize(19);
    assertThat(fields).containsEntry("reason", "NO_ROUTE").containsEntry("conn", "9");
    assertThat(JsonReader.read(fields.getOrDefault("sni", ""))).isEqualTo(readBack);

    String json = line(AccessLogFormat.JSON, closed);
    assertThat(json.indexOf('\n')).isEqualTo(json.length() - 1);
    assertThat(JsonReader.object(json.strip()))
        .hasSize(19)
        .containsEntry("sni", readBack)
        .containsEntry("detail", readBack)
        .containsEntry("reason", "NO_ROUTE");
  }

  @Test
  void capsAServerNameWithAnEllipsis() {
    String longest = "s".repeat(ShownText.MAX_SERVER_NAME);

    assertThat(sniOf(longest)).isEqualTo(longest);
    assertThat(sniOf(longest + "t")).isEqualTo(longest + "…");
  }

  @Test
  void neverCutsThroughASurrogatePair() {
    String face = "\uD83D\uDE00";
    String before = "s".repeat(ShownText.MAX_SERVER_NAME - 1);

    assertThat(sniOf(before + face + "tail")).isEqualTo(before + "…");
  }

  @Test
  void capsTheDetail() {
    ConnectionRecord closed =
        Records.refused("a", CloseReason.INTERNAL, "d".repeat(ShownText.MAX_DETAIL * 2));

    assertThat(JsonReader.object(line(AccessLogFormat.JSON, closed).strip()))
        .containsEntry("detail", "d".repeat(ShownText.MAX_DETAIL) + "…");
  }

  private static Object sniOf(String serverName) {
    ConnectionRecord closed = Records.refused(serverName, CloseReason.NO_ROUTE, "");
    return JsonReader.object(line(AccessLogFormat.JSON, closed).strip())
        .getOrDefault("sni", "absent");
  }

  private static String line(AccessLogFormat format, ConnectionRecord closed) {
    StringBuilder out = new StringBuilder();
    format.append(sink -> AccessFields.write(closed, sink), out);
    return out.toString();
  }

  /** Reads a text line the way a careful reader would: bare words, or JSON strings. */
  private record TextLine(String text) {
    private static final Pattern FIELD =
        Pattern.compile("([a-z_]+)=(\"(?:[^\"\\\\]|\\\\.)*\"|[^ \"\\\\=]+)([ \n])");

    Map<String, String> fields() {
      Map<String, String> fields = new java.util.LinkedHashMap<>();
      Matcher matcher = FIELD.matcher(text);
      int at = 0;
      while (matcher.find()) {
        assertThat(matcher.start()).isEqualTo(at);
        at = matcher.end();
        fields.put(matcher.group(1), matcher.group(2));
      }
      assertThat(at).isEqualTo(text.length());
      return fields;
    }
  }
}
