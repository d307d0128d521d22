package io.zoneproxy.tls.hello;

import static io.zoneproxy.tls.hello.ClientHellos.records;
import static io.zoneproxy.tls.hello.ClientHellos.withServerName;
import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.relay.Peek.Outcome;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** One wrong byte never leads to another route. */
class ClientHelloMutationTest {
  private static final String NAME = "backend{mesh=default}";

  /** Type, length, list length (2 each), name type (1), name length (2): all before the name. */
  private static final int SERVER_NAME_HEADERS = 9;

  @Test
  void neverAnswersAnotherNameUnlessTheNameItselfWasChanged() {
    assertNameOrRefusal(records(withServerName(NAME)));
    assertNameOrRefusal(records(withServerName(NAME), 3, 60, 130));
    assertNameOrRefusal(
        records(ClientHellos.builder().tls12().sessionId(new byte[0]).serverName(NAME).message()));
  }

  @Test
  void answersTheChangedNameWhenTheNameWasChanged() {
    byte[] hello = records(withServerName(NAME));
    int at = indexOfName(hello);
    for (int i = 0; i < NAME.length(); i++) {
      byte[] mutated = hello.clone();
      mutated[at + i] = 'X';
      String expected = NAME.substring(0, i) + 'x' + NAME.substring(i + 1);
      assertThat(Answer.to(mutated)).isEqualTo(Answer.complete(expected, hello.length));
    }
  }

  /** All 255 other values of each byte outside of the name. */
  private static void assertNameOrRefusal(byte[] hello) {
    int name = indexOfName(hello);
    for (int at = 0; at < hello.length; at++) {
      for (int change = 1; change <= 0xff && !isWithin(at, name, NAME.length()); change++) {
        byte[] mutated = hello.clone();
        mutated[at] ^= (byte) change;
        Answer answer = Answer.to(mutated);
        if (answer.outcome() == Outcome.COMPLETE && !maySwallowTheExtension(at, name, answer)) {
          assertThat(answer.serverName())
              .as("byte %d changed by 0x%02x", at, change)
              .isEqualTo(isExtensionType(at, name) ? "" : NAME);
        }
        assertThat(Answer.toSegmentsOf(1, mutated)).isEqualTo(answer);
      }
    }
  }

  /**
   * A longer vector before the extensions may take them all in and leave a hello that is legal, and
   * has none: a server reads it so too.
   */
  private static boolean maySwallowTheExtension(int at, int name, Answer answer) {
    return at < name - SERVER_NAME_HEADERS && answer.serverName().isEmpty();
  }

  /** With another type the extension is no server_name, and the hello has none. */
  private static boolean isExtensionType(int at, int name) {
    return isWithin(at, name - SERVER_NAME_HEADERS, 2);
  }

  private static boolean isWithin(int at, int from, int length) {
    return at >= from && at < from + length;
  }

  private static int indexOfName(byte[] hello) {
    return new String(hello, StandardCharsets.ISO_8859_1).indexOf(NAME);
  }
}
