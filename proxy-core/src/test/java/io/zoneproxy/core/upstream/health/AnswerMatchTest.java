package io.zoneproxy.core.upstream.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AnswerMatchTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @CsvSource({
    "xxPONGyyOK, true",
    "PONGOK, true",
    "OKPONG, false",
    "PONPONGxO_OK, true",
    "PONG, false",
    "OKPONGxxOK, true",
    "PONOK, false"
  })
  void findsTheSameHoweverTheAnswerIsCut(String answer, boolean found) {
    byte[] all = bytes(answer);
    for (int first = 0; first <= all.length; first++) {
      for (int second = first; second <= all.length; second++) {
        AnswerMatch match = new AnswerMatch(List.of(bytes("PONG"), bytes("OK")));
        match.add(Arrays.copyOfRange(all, 0, first));
        match.add(Arrays.copyOfRange(all, first, second));
        match.add(Arrays.copyOfRange(all, second, all.length));
        assertThat(match.complete()).as("%s at %d, %d", answer, first, second).isEqualTo(found);
      }
    }
  }

  @Test
  void wantsNothingWithoutParts() {
    assertThat(new AnswerMatch(List.of()).complete()).isTrue();
    assertThat(new AnswerMatch(List.of(new byte[0])).add(new byte[0])).isTrue();
  }
}
