package io.zoneproxy.core.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonWriterTest {
  @Test
  void setsCommasAtEveryLevel() {
    JsonWriter json = new JsonWriter().beginObject();
    json.name("a").value(1).name("b").beginArray().value("x").value((String) null).value(true);
    json.beginObject().endObject().beginArray().endArray().endArray();
    json.name("c").beginObject().name("d").value(false).endObject().name("e").value(-5);
    json.endObject();

    assertThat(json)
        .hasToString("{\"a\":1,\"b\":[\"x\",null,true,{},[]],\"c\":{\"d\":false},\"e\":-5}");
    assertThat(JsonReader.object(json.toString())).containsKeys("a", "b", "c", "e");
  }

  @Test
  void escapesWhatWouldEndAStringOrALine() {
    assertThat(quoted("a\"b\\c\nd\re\tf")).isEqualTo("\"a\\\"b\\\\c\\nd\\re\\tf\"");
    assertThat(quoted("\u0000\u001b[31m\u007f\u009b"))
        .isEqualTo("\"\\u0000\\u001b[31m\\u007f\\u009b\"");
  }

  @Test
  void escapesLineSeparatorsAndMarksThatReverseText() {
    assertThat(quoted("\u2028\u2029\u202e\u200b\ufeff"))
        .isEqualTo("\"\\u2028\\u2029\\u202e\\u200b\\ufeff\"");
    String tag = new String(Character.toChars(0xE0041)); // an invisible letter
    assertThat(quoted(tag)).isEqualTo("\"\\udb40\\udc41\"");
  }

  @Test
  void leavesPrintableTextOfAnyScriptAsItIs() {
    String text = "backend{mesh=default} Grüße 東京 \uD83D\uDE00";

    assertThat(quoted(text)).isEqualTo('"' + text + '"');
  }

  @Test
  void replacesHalfASurrogatePair() {
    assertThat(quoted("a\ud83db")).isEqualTo("\"a\\ufffdb\"");
    assertThat(quoted("\ude00\ud83d")).isEqualTo("\"\\ufffd\\ufffd\"");
    assertThat(quoted("\ud83d\ud83d\ude00")).isEqualTo("\"\\ufffd\uD83D\uDE00\"");
  }

  @Test
  void everyCharacterSurvivesTheWayToBytesAndBack() {
    for (int c = 0; c <= Character.MAX_VALUE; c++) {
      String text = "<" + (char) c + ">";
      String expected = Character.isSurrogate((char) c) ? "<\ufffd>" : text;
      byte[] bytes = quoted(text).getBytes(StandardCharsets.UTF_8);

      assertThat(JsonReader.read(new String(bytes, StandardCharsets.UTF_8))).isEqualTo(expected);
    }
  }

  @Test
  void randomStringsNeitherForgeMembersNorBreakTheLine() {
    Random random = new Random(7);
    char[] nasty = "\"\\\n\r\t{}[]:,ue0/\u0000\u2028\ud83d\ude00a".toCharArray();
    for (int round = 0; round < 20_000; round++) {
      char[] chars = new char[random.nextInt(12)];
      for (int i = 0; i < chars.length; i++) {
        chars[i] = nasty[random.nextInt(nasty.length)];
      }
      String text = new String(chars);
      String json = new JsonWriter().beginObject().name(text).value(text).endObject().toString();

      assertThat(json.chars()).allMatch(c -> c >= ' ');
      Map<String, Object> back = JsonReader.object(json);
      assertThat(back).hasSize(1);
      assertThat(List.copyOf(back.values())).isEqualTo(List.copyOf(back.keySet()));
    }
  }

  @Test
  void appendsToTheBufferItWasGiven() {
    StringBuilder out = new StringBuilder("before ");
    new JsonWriter(out).value(Long.MIN_VALUE);

    assertThat(out).hasToString("before -9223372036854775808");
  }

  @Test
  void theTestsReaderIsStrict() {
    for (String bad : Arrays.asList("{\"a\":1,}", "\"a\nb\"", "[1 2]", "\"\\x\"", "{} ", "\"")) {
      assertThat(readable(bad)).as(bad).isFalse();
    }
  }

  private static boolean readable(String text) {
    try {
      JsonReader.read(text);
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }

  private static String quoted(String text) {
    return new JsonWriter().value(text).toString();
  }
}
