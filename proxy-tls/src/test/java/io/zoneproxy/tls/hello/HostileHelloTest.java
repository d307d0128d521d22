package io.zoneproxy.tls.hello;

import static io.zoneproxy.tls.hello.ClientHellos.CLIENT_HELLO;
import static io.zoneproxy.tls.hello.ClientHellos.concat;
import static io.zoneproxy.tls.hello.ClientHellos.extension;
import static io.zoneproxy.tls.hello.ClientHellos.filler;
import static io.zoneproxy.tls.hello.ClientHellos.message;
import static io.zoneproxy.tls.hello.ClientHellos.number;
import static io.zoneproxy.tls.hello.ClientHellos.records;
import static io.zoneproxy.tls.hello.ClientHellos.vector;
import static io.zoneproxy.tls.hello.ClientHellos.withServerName;
import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.relay.Peek.Outcome;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Handshake messages that break RFC 8446 §4 outside of their server name. */
class HostileHelloTest {
  private static final byte[] LEGAL = withServerName("backend{mesh=default}");

  // Where the lengths of LEGAL lie: its session id has 32 bytes, its cipher suites 8.
  private static final int SESSION_ID_LENGTH = 4 + 2 + 32;
  private static final int CIPHER_SUITES_LENGTH = SESSION_ID_LENGTH + 1 + 32;
  private static final int COMPRESSION_LENGTH = CIPHER_SUITES_LENGTH + 2 + 8;
  private static final int EXTENSIONS_LENGTH = COMPRESSION_LENGTH + 1 + 1;

  private static final byte[] BEFORE_EXTENSIONS =
      Arrays.copyOfRange(LEGAL, 4, EXTENSIONS_LENGTH); // of the body

  @Test
  void refusesEveryOtherMessageType() {
    for (int type = 0; type <= 0xff; type++) {
      if (type != CLIENT_HELLO) {
        assertThat(Answer.to(records(message(type, filler(60)))).outcome())
            .as("type %d", type)
            .isEqualTo(Outcome.MALFORMED);
        assertThat(Answer.to(records(number(1, type))).outcome()).isEqualTo(Outcome.MALFORMED);
      }
    }
  }

  @Test
  void refusesEveryMessageThatAnnouncesFewerBytesThanItHolds() {
    for (int length = 0; length < LEGAL.length - 4; length++) {
      byte[] hello = records(patched(1, number(3, length)));
      assertThat(Answer.to(hello).outcome()).as("length %d", length).isEqualTo(Outcome.MALFORMED);
      assertThat(Answer.toSegmentsOf(1, hello).outcome()).isEqualTo(Outcome.MALFORMED);
    }
  }

  @Test
  void refusesEveryMessageThatEndsEarly() {
    int withoutExtensions = EXTENSIONS_LENGTH - 4;
    for (int length = 0; length < LEGAL.length - 4; length++) {
      if (length != withoutExtensions) {
        assertMalformed("body of " + length, message(CLIENT_HELLO, body(length)));
      }
    }
  }

  @Test
  void refusesAMessageThatAnnouncesMoreBytesThanItHolds() {
    byte[] longer = concat(number(1, CLIENT_HELLO), number(3, LEGAL.length - 3), body(500));
    assertMalformed("one more", longer);
  }

  @Test
  void refusesBytesBehindTheExtensions() {
    assertMalformed("one", ClientHellos.builder().serverName("a").trailing(new byte[1]).message());
    assertMalformed(
        "many", ClientHellos.builder().serverName("a").trailing(new byte[40]).message());
  }

  @Test
  void refusesHalfAnExtensionsLength() {
    assertMalformed("", ClientHellos.builder().withoutExtensions().trailing(new byte[1]).message());
  }

  @Test
  void refusesASessionIdOver32Bytes() {
    assertMalformed("33", ClientHellos.builder().sessionId(filler(33)).message());
    assertMalformed("255", ClientHellos.builder().sessionId(filler(255)).message());
  }

  @Test
  void refusesNoCipherSuites() {
    assertMalformed("", ClientHellos.builder().cipherSuites(new byte[0]).message());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 9})
  void refusesAnOddLengthOfCipherSuites(int bytes) {
    assertMalformed("", ClientHellos.builder().cipherSuites(filler(bytes)).message());
  }

  @Test
  void refusesNoCompressionMethods() {
    assertMalformed("", ClientHellos.builder().compressionMethods(new byte[0]).message());
  }

  @Test
  void refusesVectorsLongerThanTheMessage() {
    assertMalformed("cipher suites", patched(CIPHER_SUITES_LENGTH, number(2, 0xfffe)));
    assertMalformed("compression methods", patched(COMPRESSION_LENGTH, number(1, 0xff)));
  }

  @Test
  void refusesAnExtensionsLengthOtherThanTheRestOfTheMessage() {
    int length = LEGAL.length - EXTENSIONS_LENGTH - 2;
    for (int lie : new int[] {0, 1, length - 1, length + 1, 0xffff}) {
      assertMalformed("length " + lie, patched(EXTENSIONS_LENGTH, number(2, lie)));
    }
  }

  @Test
  void refusesAVectorByItsLengthBeforeItsBytesCome() {
    byte[] lie = patched(CIPHER_SUITES_LENGTH, number(2, 0xfffe));
    byte[] header = Arrays.copyOf(records(lie), 5 + CIPHER_SUITES_LENGTH + 2);
    assertThat(Answer.to(header).outcome()).isEqualTo(Outcome.MALFORMED);
  }

  @Test
  void refusesAnExtensionLongerThanTheBlock() {
    byte[] lying = concat(number(2, 16), number(2, 30), filler(29));
    assertMalformed("", withExtensions(lying));
    assertMalformed("", withExtensions(concat(number(2, 16), number(2, 0xffff), filler(29))));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void refusesARestTooShortForAnExtension(int rest) {
    assertMalformed("", withExtensions(concat(extension(16, filler(4)), filler(rest))));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16, 51, 63})
  void refusesAnExtensionThatComesTwice(int type) {
    byte[] once = type == 0 ? name() : extension(type, filler(4));
    assertThat(Answer.to(records(withExtensions(once))).outcome()).isEqualTo(Outcome.COMPLETE);
    assertMalformed("neighbours", withExtensions(concat(once, once)));
    assertMalformed("apart", withExtensions(concat(once, extension(100, filler(9)), once)));
  }

  /** A documented limit: these change no route, and the server refuses them. */
  @Test
  void passesTwoUnregisteredExtensionsOfOneType() {
    byte[] grease = extension(0x2a2a, new byte[0]);
    byte[] hello = records(withExtensions(concat(grease, name(), grease)));
    assertThat(Answer.to(hello)).isEqualTo(Answer.complete("a", hello.length));
  }

  private static void assertMalformed(String description, byte[] message) {
    byte[] hello = records(message);
    assertThat(Answer.to(hello).outcome()).as(description).isEqualTo(Outcome.MALFORMED);
    assertThat(Answer.toSegmentsOf(1, hello).outcome()).isEqualTo(Outcome.MALFORMED);
    assertThat(Answer.to(ClientHellos.recordsOf(message, 1)).outcome())
        .isEqualTo(Outcome.MALFORMED);
  }

  private static byte[] withExtensions(byte[] extensions) {
    return message(CLIENT_HELLO, concat(BEFORE_EXTENSIONS, vector(2, extensions)));
  }

  private static byte[] name() {
    return extension(ClientHellos.SERVER_NAME, vector(2, ClientHellos.name(0, "a")));
  }

  /** The body of a legal hello, cut or filled up with zeros. */
  private static byte[] body(int length) {
    return Arrays.copyOf(Arrays.copyOfRange(LEGAL, 4, LEGAL.length), length);
  }

  private static byte[] patched(int at, byte[] bytes) {
    byte[] message = LEGAL.clone();
    System.arraycopy(bytes, 0, message, at, bytes.length);
    return message;
  }
}
