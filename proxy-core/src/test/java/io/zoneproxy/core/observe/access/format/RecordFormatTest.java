package io.zoneproxy.core.observe.access.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zoneproxy.core.model.log.LogFormat;
import io.zoneproxy.core.model.log.LogFormat.Json;
import io.zoneproxy.core.model.log.LogFormat.Literal;
import io.zoneproxy.core.model.log.LogFormat.Text;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.access.operator.Logged;
import io.zoneproxy.core.text.JsonReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordFormatTest {
  @Test
  void writesKumasDefaultForTcp() {
    String format =
        "[%START_TIME%] %RESPONSE_FLAGS% default 10.9.0.1(unknown)->%UPSTREAM_HOST%(unknown) took"
            + " %DURATION%ms, sent %BYTES_SENT% bytes, received: %BYTES_RECEIVED% bytes\n";

    assertThat(Logged.text(format, Logged.relayed()))
        .isEqualTo(
            "[2026-03-04T05:06:07.089Z] - default 10.9.0.1(unknown)->[fd00::1:ab]:2521(unknown)"
                + " took 1412ms, sent 88211 bytes, received: 5120 bytes\n");
  }

  @Test
  void writesEnvoysDefaultWhenNothingIsSaid() {
    assertThat(Logged.text("", Logged.relayed()))
        .isEqualTo(
            "[2026-03-04T05:06:07.089Z] \"- - -\" 0 - 5120 88211 1412 - \"-\" \"-\" \"-\" \"-\""
                + " \"[fd00::1:ab]:2521\"\n");
  }

  @Test
  void aPercentSignIsWrittenTwice() {
    assertThat(Logged.text("100%% %%DURATION%% %DURATION%%%", Logged.relayed()))
        .isEqualTo("100% %DURATION% 1412%");
  }

  @Test
  void aTextHasOnlyTheLineBreaksOfItsFormat() {
    assertThat(Logged.text("a\nb", Logged.relayed())).isEqualTo("a\nb");
  }

  @Test
  void keepsTypesInJson() {
    Map<String, LogFormat> members = new LinkedHashMap<>();
    members.put("z", new Text("%BYTES_SENT%"));
    members.put("port", new Text("%UPSTREAM_REMOTE_PORT%"));
    members.put("mixed", new Text("%DURATION%ms"));
    members.put("text", new Text("%UPSTREAM_CLUSTER%"));
    members.put("none", new Text("%ROUTE_NAME%"));
    members.put("mixedNone", new Text("<%ROUTE_NAME%>"));
    members.put("flags", new Text("%RESPONSE_FLAGS%"));
    members.put("empty", new Text(""));
    members.put("literal", new Literal("1.5"));
    members.put("yes", new Literal("true"));
    members.put(
        "list",
        new LogFormat.Array(
            List.of(new Text("%DURATION%"), new Text("%ROUTE_NAME%"), new Literal("null"))));
    members.put("inner", new Json(Map.of("id", new Text("%CONNECTION_ID%")), false));

    assertThat(Logged.line(new Json(members, false), Logged.relayed()))
        .isEqualTo(
            "{\"z\":88211,\"port\":2521,\"mixed\":\"1412ms\",\"text\":\"default:backend\","
                + "\"none\":null,\"mixedNone\":\"<->\",\"flags\":\"-\",\"empty\":\"\","
                + "\"literal\":1.5,\"yes\":true,\"list\":[1412,null,null],"
                + "\"inner\":{\"id\":17}}\n");
  }

  @Test
  void leavesOutWhatIsNotThereWhenAsked() {
    Map<String, LogFormat> members = new LinkedHashMap<>();
    members.put("none", new Text("%ROUTE_NAME%"));
    members.put("mixed", new Text("<%ROUTE_NAME%>"));
    members.put("list", new LogFormat.Array(List.of(new Text("%REQ(A)%"), new Text("x"))));
    members.put("inner", new Json(Map.of("a", new Text("%REQ(A)%")), true));
    members.put("kept", new Json(Map.of("a", new Text("%REQ(A)%")), false));

    assertThat(Logged.line(new Json(members, true), Logged.relayed()))
        .isEqualTo("{\"mixed\":\"<>\",\"list\":[\"x\"],\"inner\":{},\"kept\":{\"a\":null}}\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a %NO_SUCH% b | %NO_SUCH% at character 2 is not known",
        "%LISTENER% | %LISTENER% at character 0 is not known",
        "%CEL(a)% | %CEL% at character 0 is not known",
        "ab%c | the % at character 2 begins no operator",
        "%start_time% | the % at character 0 begins no operator",
        "%DURATION | the % at character 0 begins no operator",
        "%DURATION(x)% | %DURATION% at character 0: takes no parameters, and has (x)",
        "x %REQ% | %REQ% at character 2: its parameters are missing",
        "%ENVIRONMENT()% | %ENVIRONMENT% at character 0: its parameters are missing",
        "%COMMON_DURATION(a)% | parameters a (expected: START:END:PRECISION with precision",
        "%COMMON_DURATION(a:b:s)% | parameters a:b:s (expected: START:END:PRECISION",
        "%UPSTREAM_LOCAL_ADDRESS_WITHOUT_PORT(x)% | parameters x (expected: the length of a prefix",
      })
  void refusesWhatItDoesNotKnowAndSaysWhere(String format, String problem) {
    assertThat(FormatCheck.problems(new Text(format))).singleElement().asString().contains(problem);
    assertThatThrownBy(() -> RecordFormat.of(new Text(format)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void saysEveryProblemOfAnObjectWithItsPath() {
    LogFormat list = new LogFormat.Array(List.of(new Text("ok"), new Text("%BAD_1%")));
    LogFormat format =
        new Json(Map.of("message", new Json(Map.of("t", list), false), "x", new Text("%")), false);

    assertThat(FormatCheck.problems(format))
        .hasSize(2)
        .anyMatch(problem -> problem.startsWith("message.t.[1]: %BAD_1% at character 0"))
        .anyMatch(problem -> problem.startsWith("x: the % at character 0"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\nb",
        "a\r\n[2026] forged",
        "a\u001b[2Jb",
        "a\u007f\u0085\u009bb",
        "a\u2028b\u2029c",
        "\u202egpj.exe",
        "half \ud83d",
        "x\" 0 UF \"",
        "a\\x0A",
        "a b",
        "a\u00a0b\u3000c",
        "\u0000"
      })
  void aServerNameCanNeitherEndALineNorAFieldInText(String serverName) {
    String line =
        Logged.text(
            "sni=%REQUESTED_SERVER_NAME% quoted=\"%REQUESTED_SERVER_NAME%\" id=%CONNECTION_ID%\n",
            Logged.withServerName(serverName));

    assertThat(line).endsWith(" id=17\n");
    assertThat(line.chars().filter(c -> c == '\n')).hasSize(1);
    assertThat(line.chars().filter(c -> c == '"')).hasSize(2);
    assertThat(line.strip().split(" ", -1)).hasSize(3);
    assertThat(line.strip().codePoints())
        .allMatch(point -> point == ' ' || !Character.isISOControl(point))
        .noneMatch(point -> Character.getType(point) == Character.FORMAT)
        .noneMatch(point -> Character.getType(point) == Character.SURROGATE);
  }

  @Test
  void escapesAsTheRuleSays() {
    assertThat(
            Logged.text(
                "%REQUESTED_SERVER_NAME%", Logged.withServerName("ü\n\u009b\u2028\"\\ \u007f")))
        .isEqualTo("ü\\x0A\\x9B\\u2028\\x22\\x5C\\x20\\x7F");
    assertThat(
            Logged.text(
                "%UPSTREAM_TRANSPORT_FAILURE_REASON%",
                Logged.refused(CloseReason.CONNECT_FAILED, "not now\n")))
        .isEqualTo("not now\\x0A");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "\",\"x\":\"", "\\", "\u001b[2J", "\u2028", "a b"})
  void aServerNameCanNotLeaveItsJsonString(String serverName) {
    Map<String, LogFormat> members = new LinkedHashMap<>();
    members.put("sni", new Text("%REQUESTED_SERVER_NAME%"));
    members.put("both", new Text("%REQUESTED_SERVER_NAME%|%CONNECTION_ID%"));
    String line = Logged.line(new Json(members, false), Logged.withServerName(serverName));

    assertThat(line.chars().filter(c -> c == '\n')).hasSize(1);
    assertThat(JsonReader.object(line.strip()))
        .hasSize(2)
        .containsEntry("sni", serverName)
        .containsEntry("both", serverName + "|17");
  }

  @Test
  void capsAServerNameAndCutsNoPair() {
    String face = "\uD83D\uDE00";

    assertThat(Logged.text("%REQUESTED_SERVER_NAME%", Logged.withServerName("s".repeat(1024))))
        .isEqualTo("s".repeat(256) + "…");
    assertThat(Logged.text("%REQUESTED_SERVER_NAME:2%", Logged.withServerName("a" + face)))
        .isEqualTo("a");
    assertThat(Logged.text("%REQUESTED_SERVER_NAME:0%", Logged.withServerName("a"))).isEmpty();
  }
}
