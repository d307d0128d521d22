package io.zoneproxy.tls.hello;

import static io.zoneproxy.tls.hello.ClientHellos.ALERT;
import static io.zoneproxy.tls.hello.ClientHellos.APPLICATION_DATA;
import static io.zoneproxy.tls.hello.ClientHellos.CHANGE_CIPHER_SPEC;
import static io.zoneproxy.tls.hello.ClientHellos.FINISHED;
import static io.zoneproxy.tls.hello.ClientHellos.HANDSHAKE;
import static io.zoneproxy.tls.hello.ClientHellos.MAX_FRAGMENT_BYTES;
import static io.zoneproxy.tls.hello.ClientHellos.ascii;
import static io.zoneproxy.tls.hello.ClientHellos.concat;
import static io.zoneproxy.tls.hello.ClientHellos.message;
import static io.zoneproxy.tls.hello.ClientHellos.record;
import static io.zoneproxy.tls.hello.ClientHellos.records;
import static io.zoneproxy.tls.hello.ClientHellos.recordsOf;
import static io.zoneproxy.tls.hello.ClientHellos.withServerName;
import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.config.HelloLimits;
import io.zoneproxy.core.relay.Peek.Outcome;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams that are not TLS, and record layers that lie. */
class HostileRecordsTest {
  private static final byte[] MESSAGE = withServerName("backend{mesh=default}");
  private static final int CUT = 40; // somewhere inside the message

  @ParameterizedTest
  @ValueSource(strings = {"GET / HTTP/1.1\r\n\r\n", "SSH-2.0-x\r\n", "\0", "PROXY TCP4 ", "\u00ff"})
  void callsOtherProtocolsNotTls(String stream) {
    assertOutcome(Outcome.NOT_TLS, ascii(stream));
  }

  @Test
  void callsEveryFirstByteButTheTypesOfTlsNotTls() {
    for (int first = 0; first <= 0xff; first++) {
      Outcome expected = first < 20 || first > 23 ? Outcome.NOT_TLS : Outcome.MORE;
      assertOutcome(expected, new byte[] {(byte) first});
    }
  }

  @Test
  void callsAnSslv2HelloNotTls() {
    // Length with the high bit, CLIENT-HELLO, version 3.1: what old clients sent to be understood.
    assertOutcome(Outcome.NOT_TLS, bytes(0x80, 0x2e, 0x01, 0x03, 0x01, 0x00, 0x15));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 4, 0x47, 0xff})
  void callsAStreamWithAnotherMajorVersionNotTls(int major) {
    assertOutcome(Outcome.NOT_TLS, bytes(HANDSHAKE, major));
    assertOutcome(Outcome.NOT_TLS, bytes(ALERT, major));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 0xff})
  void takesEveryMinorVersion(int minor) {
    byte[] hello = records(MESSAGE);
    hello[2] = (byte) minor;
    assertOutcome(Outcome.COMPLETE, hello);
  }

  @ParameterizedTest
  @ValueSource(ints = {CHANGE_CIPHER_SPEC, ALERT, APPLICATION_DATA})
  void refusesAnotherRecordTypeBeforeTheHello(int type) {
    assertOutcome(Outcome.MALFORMED, bytes(type, 3));
    assertOutcome(Outcome.MALFORMED, concat(record(type, new byte[] {1}), records(MESSAGE)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, CHANGE_CIPHER_SPEC, ALERT, APPLICATION_DATA, 24, 'G'})
  void refusesAnotherRecordTypeWithinTheHello(int type) {
    assertOutcome(Outcome.MALFORMED, concat(firstPart(), bytes(type)));
    assertOutcome(
        Outcome.MALFORMED, concat(firstPart(), record(type, new byte[] {1}), secondPart()));
  }

  @Test
  void refusesAnotherMajorVersionWithinTheHello() {
    assertOutcome(Outcome.MALFORMED, concat(firstPart(), bytes(HANDSHAKE, 2)));
  }

  @Test
  void refusesAnEmptyRecordBeforeTheHello() {
    assertOutcome(Outcome.MALFORMED, concat(emptyRecord(), records(MESSAGE)));
  }

  @Test
  void refusesAnEmptyRecordWithinTheHello() {
    assertOutcome(Outcome.MALFORMED, concat(firstPart(), emptyRecord(), secondPart()));
  }

  @Test
  void takesTheLongestRecordAndRefusesALongerOneByItsHeader() {
    assertOutcome(Outcome.MORE, header(MAX_FRAGMENT_BYTES));
    assertOutcome(Outcome.MALFORMED, header(MAX_FRAGMENT_BYTES + 1));
    assertOutcome(Outcome.MALFORMED, header(MAX_FRAGMENT_BYTES + 256));
    assertOutcome(Outcome.MALFORMED, header(0xffff));
    assertOutcome(Outcome.MALFORMED, concat(firstPart(), header(MAX_FRAGMENT_BYTES + 1)));
  }

  @Test
  void refusesAnotherHandshakeMessageInTheSameRecord() {
    byte[] finished = message(FINISHED, new byte[12]);
    assertOutcome(Outcome.MALFORMED, records(concat(MESSAGE, finished)));
    assertOutcome(Outcome.MALFORMED, records(concat(MESSAGE, MESSAGE), CUT));
  }

  @Test
  void refusesARecordThatAnnouncesMoreThanTheMessage() {
    byte[] hello = records(MESSAGE);
    hello[4]++; // the low byte of the record's length
    assertOutcome(Outcome.MALFORMED, hello);
  }

  @Test
  void callsAHelloTooLongByTheLengthThatItAnnounces() {
    HelloLimits limits = Answer.limits(512, 2048);
    byte[] fits = records(ClientHellos.builder().serverName("a").paddedTo(512).message());
    byte[] over = records(ClientHellos.builder().serverName("a").paddedTo(513).message());
    assertThat(Answer.to(fits, limits)).isEqualTo(Answer.complete("a", 517));
    assertThat(Answer.to(over, limits).outcome()).isEqualTo(Outcome.TOO_LONG);
    assertThat(Answer.to(Arrays.copyOf(over, 9), limits).outcome()).isEqualTo(Outcome.TOO_LONG);
    assertThat(Answer.to(Arrays.copyOf(over, 8), limits).outcome()).isEqualTo(Outcome.MORE);
  }

  @Test
  void callsAHelloOf16MebibytesTooLong() {
    assertOutcome(Outcome.TOO_LONG, records(bytes(1, 0xff, 0xff, 0xff)));
  }

  @Test
  void callsAHelloTooLongWhenItsHeadersFillTheBound() {
    byte[] hello = recordsOf(ClientHellos.builder().serverName("a").paddedTo(512).message(), 1);
    assertThat(Answer.to(hello, Answer.limits(512, hello.length)))
        .isEqualTo(Answer.complete("a", hello.length));
    assertThat(Answer.to(hello, Answer.limits(512, hello.length - 1)).outcome())
        .isEqualTo(Outcome.TOO_LONG);
  }

  @Test
  void waitsForNothingOnceTheBoundIsFull() {
    byte[] hello = recordsOf(ClientHellos.builder().serverName("a").paddedTo(512).message(), 1);
    HelloLimits limits = Answer.limits(512, 1000);
    assertThat(Answer.to(Arrays.copyOf(hello, 999), limits).outcome()).isEqualTo(Outcome.MORE);
    assertThat(Answer.to(Arrays.copyOf(hello, 1000), limits).outcome()).isEqualTo(Outcome.TOO_LONG);
  }

  @Test
  void countsNoBytesBehindTheHelloAgainstTheBound() {
    byte[] hello = records(ClientHellos.builder().serverName("a").paddedTo(512).message());
    byte[] stream = concat(hello, record(APPLICATION_DATA, new byte[4000]));
    assertThat(Answer.to(stream, Answer.limits(512, 1000)))
        .isEqualTo(Answer.complete("a", hello.length));
  }

  /** Whole, in every cut, and byte by byte. */
  private static void assertOutcome(Outcome expected, byte[] stream) {
    assertThat(Answer.to(stream).outcome()).isEqualTo(expected);
    assertThat(Answer.toSegmentsOf(1, stream).outcome()).isEqualTo(expected);
    for (int cut = 0; cut < stream.length; cut++) {
      assertThat(Answer.toCut(stream, cut).outcome()).as("cut at %d", cut).isEqualTo(expected);
    }
  }

  private static byte[] firstPart() {
    return record(HANDSHAKE, Arrays.copyOf(MESSAGE, CUT));
  }

  private static byte[] secondPart() {
    return record(HANDSHAKE, Arrays.copyOfRange(MESSAGE, CUT, MESSAGE.length));
  }

  private static byte[] emptyRecord() {
    return record(HANDSHAKE, new byte[0]);
  }

  private static byte[] header(int length) {
    return bytes(HANDSHAKE, 3, 1, length >> Byte.SIZE, length);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
