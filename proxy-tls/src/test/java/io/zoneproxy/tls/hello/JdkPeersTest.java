package io.zoneproxy.tls.hello;

import static io.zoneproxy.tls.hello.ClientHellos.records;
import static io.zoneproxy.tls.hello.ClientHellos.recordsOf;
import static io.zoneproxy.tls.hello.ClientHellos.withServerName;
import static io.zoneproxy.tls.hello.ClientHellos.withoutServerName;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.CertificateBuilder;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our hellos before a real server, a real client's hellos before our parser. */
class JdkPeersTest {
  private static final int SERVER_HELLO = 2; // RFC 8446 §4
  private static SSLContext context;

  @BeforeAll
  static void makeACertificate() throws Exception {
    var bundle =
        new CertificateBuilder()
            .subject("CN=backend.mesh")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    context = SSLContext.getInstance("TLS");
    context.init(bundle.toKeyManagerFactory().getKeyManagers(), null, null);
  }

  static Stream<byte[]> handMadeHellos() {
    return Stream.of(
        records(withServerName("backend.mesh")),
        records(withServerName("backend.mesh"), 2, 77),
        recordsOf(withServerName("backend.mesh"), 1),
        records(withoutServerName()),
        records(ClientHellos.builder().tls12().serverName("backend.mesh").message()),
        records(
            ClientHellos.builder()
                .postQuantum()
                .serverName("backend.mesh")
                .paddedTo(1800)
                .message()));
  }

  @ParameterizedTest
  @MethodSource("handMadeHellos")
  void ourHellosAreAnsweredWithAServerHello(byte[] hello) throws SSLException {
    byte[] answer = answerTo(hello);
    assertThat((int) answer[0]).isEqualTo(ClientHellos.HANDSHAKE);
    assertThat((int) answer[5]).isEqualTo(SERVER_HELLO);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void hellosOfTheJdkAreRead(String protocol) throws SSLException {
    byte[] hello = jdkHello(protocol, List.of(new RawName("Backend{mesh=Default}")));
    assertThat(Answer.to(hello)).isEqualTo(Answer.complete("backend{mesh=default}", hello.length));
    assertThat(Answer.toSegmentsOf(1, hello)).isEqualTo(Answer.to(hello));
  }

  @Test
  void aHelloOfTheJdkWithoutANameIsRead() throws SSLException {
    byte[] hello = jdkHello("TLSv1.3", List.of());
    assertThat(Answer.to(hello)).isEqualTo(Answer.complete("", hello.length));
  }

  private static byte[] answerTo(byte[] hello) throws SSLException {
    SSLEngine server = context.createSSLEngine();
    server.setUseClientMode(false);
    server.beginHandshake();
    ByteBuffer in = ByteBuffer.wrap(hello);
    ByteBuffer plain = ByteBuffer.allocate(server.getSession().getApplicationBufferSize());
    while (in.hasRemaining()) {
      server.unwrap(in, plain);
      runTasks(server);
    }
    return wrapped(server);
  }

  private static byte[] jdkHello(String protocol, List<SNIServerName> names) throws SSLException {
    SSLEngine client = context.createSSLEngine();
    client.setUseClientMode(true);
    SSLParameters parameters = client.getSSLParameters();
    parameters.setProtocols(new String[] {protocol});
    parameters.setServerNames(names);
    client.setSSLParameters(parameters);
    client.beginHandshake();
    return wrapped(client);
  }

  private static byte[] wrapped(SSLEngine engine) throws SSLException {
    ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), out);
    return Arrays.copyOf(out.array(), out.position());
  }

  private static void runTasks(SSLEngine engine) {
    while (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
      engine.getDelegatedTask().run();
    }
  }

  /** A name as Kuma writes it: {@code SNIHostName} would refuse it. */
  private static final class RawName extends SNIServerName {
    RawName(String name) {
      super(0, ClientHellos.ascii(name));
    }
  }
}
