package io.zoneproxy.tls.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslProvider;
import io.zoneproxy.core.model.tls.CertificateSource;
import io.zoneproxy.core.model.tls.PrivateKeyText;
import io.zoneproxy.core.model.tls.ServerTls;
import io.zoneproxy.core.model.tls.TlsVersions;
import io.zoneproxy.core.model.tls.TrustedCa;
import io.zoneproxy.core.model.tls.Validation;
import io.zoneproxy.core.model.tls.ValidationSpec;
import io.zoneproxy.core.route.ChainEngine.Handlers;
import io.zoneproxy.core.route.PeerIdentity;
import io.zoneproxy.core.route.TlsTermination;
import io.zoneproxy.tls.identity.TestAuthority;
import io.zoneproxy.tls.identity.TestAuthority.Issued;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is not accepted of TLS 1.2, and of certificates. */
final class StrictnessTest {
  private final TestAuthority mesh = TestAuthority.create("mesh");
  private final Issued client = mesh.order().uri("spiffe://default/web").issue();
  private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
  private TlsContexts contexts = new TlsContexts();

  @AfterEach
  void close() {
    contexts.close();
  }

  private ChainServer serve(Issued own) {
    ServerTls tls =
        new ServerTls(
            List.of(new CertificateSource.Inline(own.chainPem(), new PrivateKeyText(own.keyPem()))),
            Optional.of(
                new Validation(
                    new ValidationSpec(
                        Optional.of(new TrustedCa.Inline(mesh.pem())), List.of(), Map.of()),
                    Optional.empty())),
            true,
            TlsVersions.DEFAULT,
            List.of());
    Consumer<Channel> chain =
        ((Handlers) contexts.terminate(tls, Map.of()))
            .install()
            .andThen(
                channel -> {
                  accepted.add(channel);
                  channel.pipeline().addLast(new Leaving());
                });
    return new ChainServer(chain, chain);
  }

  private String agreed(ChainServer server, String... suites) throws Exception {
    var at = server.address();
    try (SSLSocket socket =
        (SSLSocket)
            TlsClient.context(mesh, client)
                .getSocketFactory()
                .createSocket(at.getAddress(), at.getPort())) {
      socket.setSoTimeout(20_000);
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.setEnabledCipherSuites(suites);
      socket.startHandshake();
      return socket.getSession().getCipherSuite();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = SslProvider.class,
      names = {"OPENSSL_REFCNT", "JDK"})
  void ofTls12OnlyFreshKeysAndAuthenticatingCiphersAreTaken(SslProvider provider) throws Exception {
    contexts = new TlsContexts(provider);
    Issued rsa = mesh.order().ip("127.0.0.1").server().rsa().issue();
    Issued ec = mesh.order().ip("127.0.0.1").server().issue();
    try (ChainServer ofRsa = serve(rsa);
        ChainServer ofEc = serve(ec)) {
      for (String suite :
          List.of(
              "TLS_RSA_WITH_AES_128_GCM_SHA256",
              "TLS_RSA_WITH_AES_256_CBC_SHA",
              "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
              "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
              "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384")) {
        assertThatThrownBy(() -> agreed(ofRsa, suite)).as(suite).isInstanceOf(SSLException.class);
      }
      assertThatThrownBy(() -> agreed(ofEc, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"))
          .isInstanceOf(SSLException.class);
      for (String suite :
          List.of(
              "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
              "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
              "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256")) {
        assertThat(agreed(ofRsa, suite)).isEqualTo(suite);
      }
      String suite = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
      assertThat(agreed(ofEc, suite)).isEqualTo(suite);
    }
  }

  @Test
  void namesThatAreNotCriticalWithoutASubjectAreRefusedWithTheRightAlert(@TempDir Path folder)
      throws Exception {
    Files.writeString(folder.resolve("ca.pem"), mesh.pem());
    Files.writeString(folder.resolve("ca.key"), mesh.keyPem());
    Files.writeString(folder.resolve("ext"), "subjectAltName=URI:spiffe://default/web\n");
    // The JDK neither makes nor reads such a certificate.
    run(
        folder,
        "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj / -keyout key"
            + " -out csr");
    run(
        folder,
        "openssl x509 -req -in csr -CA ca.pem -CAkey ca.key -set_serial 7 -days 2 -extfile ext -out"
            + " cert");
    try (ChainServer server = serve(mesh.order().ip("127.0.0.1").server().issue())) {
      String at = "127.0.0.1:" + server.address().getPort();
      String said =
          run(folder, "openssl s_client -connect " + at + " -cert cert -key key -CAfile ca.pem");
      assertThat(said).contains("alert bad certificate").doesNotContain("internal error");
      Channel channel = accepted.poll(20, TimeUnit.SECONDS);
      assertThat(channel).isNotNull();
      await().until(() -> !channel.isOpen());
      assertThat(channel.attr(PeerIdentity.KEY).get()).isNull();
      assertThat(channel.attr(TlsTermination.FAILURE).get())
          .startsWith("client certificate: certificate is unreadable: ")
          .contains("SubjectAlternativeName extension MUST be marked critical");
    }
  }

  /** What a program says; its exit code is not looked at. */
  private static String run(Path folder, String command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command.split(" "))
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .start();
      byte[] said = process.getInputStream().readAllBytes();
      process.waitFor(20, TimeUnit.SECONDS);
      return new String(said, StandardCharsets.UTF_8);
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).contains("Cannot run program")) {
        System.out.println("skipped: no openssl here");
        Assumptions.abort("no openssl here");
      }
      throw new UncheckedIOException(e);
    }
  }

  private static final class Leaving extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
