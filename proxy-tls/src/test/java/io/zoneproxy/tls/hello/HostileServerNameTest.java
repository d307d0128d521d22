package io.zoneproxy.tls.hello;

import static io.zoneproxy.tls.hello.ClientHellos.concat;
import static io.zoneproxy.tls.hello.ClientHellos.name;
import static io.zoneproxy.tls.hello.ClientHellos.number;
import static io.zoneproxy.tls.hello.ClientHellos.records;
import static io.zoneproxy.tls.hello.ClientHellos.recordsOf;
import static io.zoneproxy.tls.hello.ClientHellos.vector;
import static io.zoneproxy.tls.hello.ClientHellos.withServerName;
import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.relay.Peek.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** server_name extensions that break RFC 6066 §3, or that we refuse to route by. */
class HostileServerNameTest {

  @Test
  void refusesAnExtensionWithoutAList() {
    assertMalformed(ClientHellos.builder().serverNameExtension(new byte[0]).message());
    assertMalformed(ClientHellos.builder().serverNameExtension(new byte[1]).message());
  }

  @Test
  void refusesAnEmptyList() {
    assertMalformed(ClientHellos.builder().serverNameExtension(number(2, 0)).message());
  }

  @Test
  void refusesAnEmptyListWithBytesBehindIt() {
    assertMalformed(
        ClientHellos.builder()
            .serverNameExtension(concat(number(2, 0), name(0, "hidden")))
            .message());
  }

  @Test
  void refusesAListShorterOrLongerThanItsExtension() {
    byte[] entry = name(0, "backend");
    for (int lie : new int[] {0, 1, 3, entry.length - 1, entry.length + 1, 0xffff}) {
      assertMalformed(
          ClientHellos.builder().serverNameExtension(concat(number(2, lie), entry)).message());
    }
  }

  @Test
  void refusesANameShorterOrLongerThanItsList() {
    byte[] letters = ClientHellos.ascii("backend");
    for (int lie : new int[] {0, 1, 6, 8, 0xffff}) {
      byte[] entry = concat(number(1, 0), number(2, lie), letters);
      assertMalformed(ClientHellos.builder().serverNameExtension(vector(2, entry)).message());
    }
  }

  @Test
  void refusesBytesBehindTheList() {
    byte[] list = vector(2, name(0, "backend"));
    assertMalformed(
        ClientHellos.builder().serverNameExtension(concat(list, new byte[1])).message());
  }

  @Test
  void refusesAListThatRunsIntoTheNextExtension() {
    byte[] list = concat(number(2, 40), number(1, 0), number(2, 37), ClientHellos.ascii("a"));
    assertMalformed(ClientHellos.builder().serverNameExtension(list).message());
  }

  @Test
  void refusesTwoNames() {
    assertMalformed(ClientHellos.builder().serverName("first").serverName("second").message());
    assertMalformed(ClientHellos.builder().serverName("same").serverName("same").message());
  }

  /** Who stops after the first name and goes on with extensions would find a legal one there. */
  @Test
  void refusesASecondNameThatReadsAsAnExtension() {
    byte[] entries = concat(name(0, "first"), ClientHellos.extension(16, ClientHellos.filler(4)));
    assertMalformed(ClientHellos.builder().serverNameExtension(vector(2, entries)).message());
  }

  @Test
  void refusesAnExtensionLongerThanTheMessageByItsHeader() {
    byte[] hello = records(withServerName("backend"));
    int header = new String(hello, StandardCharsets.ISO_8859_1).indexOf("backend") - 7;
    hello[header] = 1; // the high byte of the extension's length
    byte[] start = Arrays.copyOf(hello, header + 2);
    assertThat(Answer.to(start).outcome()).isEqualTo(Outcome.MALFORMED);
  }

  @Test
  void refusesANameOfAnotherTypeBesideTheHostName() {
    assertMalformed(
        ClientHellos.builder().serverName(0, "first").serverName(1, "second").message());
    assertMalformed(
        ClientHellos.builder().serverName(1, "first").serverName(0, "second").message());
  }

  @Test
  void refusesEveryOtherNameType() {
    for (int type = 1; type <= 0xff; type++) {
      assertMalformed(ClientHellos.builder().serverName(type, "backend").message());
    }
  }

  @Test
  void refusesTwoServerNameExtensions() {
    byte[] list = vector(2, name(0, "backend"));
    assertMalformed(
        ClientHellos.builder().serverNameExtension(list).serverName("backend").message());
    assertMalformed(
        ClientHellos.builder()
            .serverName("backend")
            .extension(ClientHellos.SERVER_NAME, list)
            .message());
  }

  @Test
  void refusesAnEmptyName() {
    assertMalformed(withServerName(""));
  }

  @Test
  void refusesANameOver1024Bytes() {
    assertMalformed(withServerName("n".repeat(1025)));
  }

  @Test
  void refusesEveryByteThatIsNotPrintableAsciiWhereverItStands() {
    for (int value = 0; value <= 0xff; value++) {
      boolean printable = value > 0x20 && value < 0x7f;
      Outcome expected = printable ? Outcome.COMPLETE : Outcome.MALFORMED;
      String character = String.valueOf((char) value);
      for (String name : new String[] {character + "ab", "a" + character + "b", "ab" + character}) {
        assertThat(Answer.to(records(withServerName(name))).outcome())
            .as("0x%02x in %s", value, name)
            .isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil\0.good", "a b", "a\r\nX: y", "b\u00fccher", "\u007f"})
  void refusesNamesThatWouldReadOtherwiseElsewhere(String name) {
    assertMalformed(withServerName(name));
  }

  @Test
  void refusesABadByteWithoutWaitingForTheRestOfTheName() {
    byte[] hello = records(withServerName("\0" + "n".repeat(1000)));
    byte[] start = Arrays.copyOf(hello, hello.length - 500);
    assertThat(Answer.to(start).outcome()).isEqualTo(Outcome.MALFORMED);
  }

  private static void assertMalformed(byte[] message) {
    byte[] hello = records(message);
    assertThat(Answer.to(hello).outcome()).isEqualTo(Outcome.MALFORMED);
    assertThat(Answer.toSegmentsOf(1, hello).outcome()).isEqualTo(Outcome.MALFORMED);
    assertThat(Answer.to(recordsOf(message, 1)).outcome()).isEqualTo(Outcome.MALFORMED);
  }
}
