package io.zoneproxy.tls.hello;

import static io.zoneproxy.tls.hello.ClientHellos.APPLICATION_DATA;
import static io.zoneproxy.tls.hello.ClientHellos.concat;
import static io.zoneproxy.tls.hello.ClientHellos.filler;
import static io.zoneproxy.tls.hello.ClientHellos.record;
import static io.zoneproxy.tls.hello.ClientHellos.records;
import static io.zoneproxy.tls.hello.ClientHellos.withServerName;
import static io.zoneproxy.tls.hello.ClientHellos.withoutServerName;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.zoneproxy.core.config.HelloLimits;
import io.zoneproxy.core.relay.Peek;
import io.zoneproxy.core.relay.Peek.Outcome;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What legal hellos answer, and how a parser is used. */
class ClientHelloParserTest {
  private static final String NAME = "backend{mesh=default}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "backend{mesh=default,version=1}",
        "a1b2c3.backend.8080.default.ms",
        "sni.msvc.default.zone-1.backend.8080",
        "example.com",
        "example.com.",
        "x",
        "10.0.0.1",
        "167772161",
        "[::1]",
        "..",
        "!~\"\\/:%s"
      })
  void takesAnyPrintableNameAsAnOpaqueWord(String name) {
    byte[] hello = records(withServerName(name));
    assertThat(Answer.to(hello)).isEqualTo(Answer.complete(name, hello.length));
  }

  @Test
  void lowersAsciiLettersAndNothingElse() {
    assertThat(serverName("ABCXYZ@[\\]^_`{|}~")).isEqualTo("abcxyz@[\\]^_`{|}~");
  }

  @Test
  void lowersWithoutRegardToTheLocale() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("tr"));
    try {
      assertThat(serverName("INGRESS.MESH")).isEqualTo("ingress.mesh");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void takesANameOf1024Bytes() {
    String name = "n".repeat(1024);
    assertThat(serverName(name)).isEqualTo(name);
  }

  @Test
  void answersAnEmptyNameToAHelloWithoutServerName() {
    byte[] hello = records(withoutServerName());
    assertThat(Answer.to(hello)).isEqualTo(Answer.complete("", hello.length));
  }

  @Test
  void takesAHelloWithoutAnExtensionsBlock() {
    byte[] hello = records(ClientHellos.builder().tls12().withoutExtensions().message());
    assertThat(Answer.to(hello)).isEqualTo(Answer.complete("", hello.length));
  }

  @Test
  void takesAnEmptyExtensionsBlock() {
    byte[] hello =
        records(ClientHellos.builder().withoutExtensions().trailing(new byte[2]).message());
    assertThat(Answer.to(hello)).isEqualTo(Answer.complete("", hello.length));
  }

  @Test
  void takesAnEmptySessionId() {
    byte[] hello =
        records(ClientHellos.builder().sessionId(new byte[0]).serverName(NAME).message());
    assertThat(Answer.to(hello)).isEqualTo(Answer.complete(NAME, hello.length));
  }

  @Test
  void takesAHelloOfTls12() {
    byte[] hello = records(ClientHellos.builder().tls12().serverName(NAME).message());
    assertThat(Answer.to(hello)).isEqualTo(Answer.complete(NAME, hello.length));
  }

  @Test
  void takesAPostQuantumHello() {
    byte[] hello =
        records(ClientHellos.builder().postQuantum().serverName(NAME).paddedTo(1800).message());
    assertThat(hello).hasSize(1805);
    assertThat(Answer.to(hello)).isEqualTo(Answer.complete(NAME, 1805));
  }

  @Test
  void takesTheServerNameWhereverItStandsAmongTheExtensions() {
    byte[] list = ClientHellos.vector(2, ClientHellos.name(0, NAME));
    byte[] last =
        records(ClientHellos.builder().extension(ClientHellos.SERVER_NAME, list).message());
    assertThat(Answer.to(last)).isEqualTo(Answer.complete(NAME, last.length));
    byte[] between =
        records(
            ClientHellos.builder()
                .extension(ClientHellos.SERVER_NAME, list)
                .extension(0xfe0d, filler(200))
                .message());
    assertThat(Answer.to(between)).isEqualTo(Answer.complete(NAME, between.length));
  }

  @Test
  void looksForNoNameInsideAnotherExtension() {
    byte[] inner = ClientHellos.extension(0, ClientHellos.vector(2, ClientHellos.name(0, "inner")));
    byte[] hello =
        records(ClientHellos.builder().extension(0xfe0d, inner).serverName("outer").message());
    assertThat(Answer.to(hello)).isEqualTo(Answer.complete("outer", hello.length));
  }

  @Test
  void endsTheHelloWithItsRecordWhateverFollows() {
    byte[] hello = records(withServerName(NAME), 3, 90);
    byte[] stream = concat(hello, record(APPLICATION_DATA, filler(50)), filler(20));
    assertThat(Answer.to(stream)).isEqualTo(Answer.complete(NAME, hello.length));
    for (int size = 1; size < stream.length; size++) {
      assertThat(Answer.toSegmentsOf(size, stream))
          .as("segments of %d", size)
          .isEqualTo(Answer.complete(NAME, hello.length));
    }
  }

  @Test
  void leavesIndicesContentAndOwnershipAlone() {
    byte[] hello = records(withServerName("BACKEND"));
    ByteBuf bytes = Unpooled.buffer().writeZero(7).writeBytes(hello).writeZero(9);
    bytes.setIndex(7, 7 + hello.length);
    ClientHelloParser parser = new ClientHelloParser(HelloLimits.DEFAULT);
    assertThat(parser.advance(bytes)).isEqualTo(Outcome.COMPLETE);
    assertThat(parser.helloBytes()).isEqualTo(hello.length);
    assertThat(bytes.readerIndex()).isEqualTo(7);
    assertThat(bytes.writerIndex()).isEqualTo(7 + hello.length);
    assertThat(bytes.refCnt()).isOne();
    assertThat(Arrays.copyOfRange(bytes.array(), 7, 7 + hello.length)).isEqualTo(hello);
    bytes.release();
  }

  @Test
  void asksForMoreOnNothing() {
    assertThat(Answer.to(new byte[0]).outcome()).isEqualTo(Outcome.MORE);
  }

  @Test
  void staysAtItsFirstFinalOutcome() {
    byte[] hello = records(withServerName(NAME));
    ClientHelloParser parser = new ClientHelloParser(HelloLimits.DEFAULT);
    assertThat(parser.advance(Unpooled.wrappedBuffer(new byte[] {'G'}))).isEqualTo(Outcome.NOT_TLS);
    assertThat(parser.advance(Unpooled.wrappedBuffer(hello))).isEqualTo(Outcome.NOT_TLS);
  }

  @Test
  void tellsNoNameBeforeTheHelloIsComplete() {
    byte[] hello = records(withServerName(NAME));
    ClientHelloParser parser = new ClientHelloParser(HelloLimits.DEFAULT);
    parser.advance(Unpooled.wrappedBuffer(hello, 0, hello.length - 1));
    assertThatIllegalStateException()
        .isThrownBy(parser::serverName)
        .withMessage("ClientHello: MORE (expected: COMPLETE)");
    assertThatIllegalStateException().isThrownBy(parser::helloBytes);
  }

  @Test
  void makesAFreshParserForEachConnection() {
    Peek.Factory factory = ClientHelloParser.factory(HelloLimits.DEFAULT);
    for (String name : new String[] {"one", "two"}) {
      Peek peek = factory.create();
      peek.advance(Unpooled.wrappedBuffer(records(withServerName(name))));
      assertThat(peek.serverName()).isEqualTo(name);
    }
  }

  private static String serverName(String sent) {
    return Answer.to(records(withServerName(sent))).serverName();
  }
}
