package io.zoneproxy.core.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VisibleTest {
  @Test
  void whatCanBeSeenStandsAsItIs() {
    String text = "backend{mesh=default} \"ä\" \\ 日本 \uD83D\uDE00";
    assertThat(Visible.line(text)).isSameAs(text);
  }

  @Test
  void controlsFormatsSeparatorsAndHalvesAreEscaped() {
    assertThat(Visible.line("a\u001b[2J\r\n\t\u007f\u0085b"))
        .isEqualTo("a\\x1B[2J\\x0D\\x0A\\x09\\x7F\\x85b");
    assertThat(Visible.line("\u202e\u2028\u2029\u200b\ufeff\u00ad"))
        .isEqualTo("\\u202E\\u2028\\u2029\\u200B\\uFEFF\\xAD");
    assertThat(Visible.line("\ud800x\udc00")).isEqualTo("\\uD800x\\uDC00");
    assertThat(Visible.line(new StringBuilder().appendCodePoint(0xE0001).toString())) // a tag
        .isEqualTo("\\uDB40\\uDC01");
  }

  @Test
  void linesStayLines() {
    assertThat(new Lines().add("a\nb").add("c")).hasToString("a\\x0Ab\nc\n");
    assertThat(Lines.of("a\n\u001bb")).isEqualTo("a\n\\x1Bb\n");
  }
}
