package io.zoneproxy.tls.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCounted;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.model.tls.CertificateSource;
import io.zoneproxy.core.model.tls.PrivateKeyText;
import io.zoneproxy.core.model.tls.SanMatch;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.SecretSpec;
import io.zoneproxy.core.model.tls.ServerTls;
import io.zoneproxy.core.model.tls.TlsVersions;
import io.zoneproxy.core.model.tls.TlsVersions.Version;
import io.zoneproxy.core.model.tls.TrustedCa;
import io.zoneproxy.core.model.tls.Validation;
import io.zoneproxy.core.model.tls.ValidationSpec;
import io.zoneproxy.core.route.ChainEngine.Handlers;
import io.zoneproxy.core.route.ChainEngine.Outcome;
import io.zoneproxy.core.route.ChainEngine.Unavailable;
import io.zoneproxy.core.route.PeerIdentity;
import io.zoneproxy.core.route.TlsTermination;
import io.zoneproxy.tls.identity.TestAuthority;
import io.zoneproxy.tls.identity.TestAuthority.Issued;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Contexts: what they are made of, what they tell, how long they live. */
class TlsContextsTest {
  private static final SecretName OWN = SecretName.of("identity_cert:secret:default");
  private static final SecretName TRUST = SecretName.of("mesh_ca:secret:default");

  private final TestAuthority mesh = TestAuthority.create("mesh");
  private final Issued server = mesh.order().ip("127.0.0.1").server().issue();
  private final Issued client =
      mesh.order().uri("spiffe://default/web").uri("kuma://a/b").dns("web").issue();
  private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
  private final Collection<ReferenceCounted> engines = new ConcurrentLinkedQueue<>();
  private TlsContexts contexts = new TlsContexts(); // or with another provider

  @AfterEach
  void close() {
    contexts.close();
  }

  @Test
  void boringSslIsThere() {
    assertThat(OpenSsl.isAvailable()).isTrue();
    assertThat(OpenSsl.versionString()).contains("BoringSSL");
  }

  @ParameterizedTest
  @EnumSource(
      value = SslProvider.class,
      names = {"OPENSSL_REFCNT", "JDK"})
  void thePeersNamesAreOnTheChannel(SslProvider provider) throws Exception {
    contexts = new TlsContexts(provider);
    try (ChainServer listener = serve(tls(), secrets(server, mesh))) {
      for (String version : List.of("TLSv1.2", "TLSv1.3")) {
        try (TlsClient known = connect(client, listener, version)) {
          known.socket().getOutputStream().write(1);
          known.socket().getInputStream().read();

          assertThat(accepted.take().attr(PeerIdentity.KEY).get())
              .isEqualTo(
                  new PeerIdentity(
                      List.of("spiffe://default/web", "kuma://a/b"), List.of("web"), "", true));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = SslProvider.class,
      names = {"OPENSSL_REFCNT", "JDK"})
  void theReasonOfARefusalIsOnTheChannel(SslProvider provider) throws Exception {
    contexts = new TlsContexts(provider);
    TestAuthority other = TestAuthority.create("other");
    try (ChainServer listener = serve(tls(), secrets(server, mesh))) {
      assertThat(failure(null, listener)).isEqualTo("client certificate: none (expected: one)");
      assertThat(failure(mesh.order().uri("spiffe://a/web").issue(), listener))
          .isEqualTo(
              "client certificate: certificate has URI:spiffe://a/web "
                  + "(expected: URI prefix spiffe://default/)");
      // Only with the issuer's name does the JDK's client send what this server did not ask for.
      TestAuthority twin = TestAuthority.create("mesh");
      assertThat(failure(twin.order().uri("spiffe://default/web").issue(), listener))
          .startsWith("client certificate: certificate of issuer \"CN=mesh\" is signed with");
      assertThat(failure(other.order().uri("spiffe://default/web").issue(), listener))
          .startsWith("client certificate: ");
    }
  }

  @Test
  void aClientThatIsNoneHasAReasonToo() throws Exception {
    try (ChainServer listener = serve(tls(), secrets(server, mesh));
        Socket socket = new Socket(listener.address().getAddress(), listener.address().getPort())) {
      socket.getOutputStream().write(new byte[] {22, 3, 1, 0, 5, 99, 0, 0, 1, 0});
      Channel channel = accepted.take();
      await().until(() -> !channel.isOpen());

      assertThat(channel.attr(TlsTermination.FAILURE).get()).startsWith("TLS handshake: ");
    }
  }

  @Test
  void withoutChecksNobodyIsAskedForACertificate() throws Exception {
    ServerTls open =
        new ServerTls(
            tls().certificates(), Optional.empty(), false, TlsVersions.DEFAULT, List.of());
    try (ChainServer listener = serve(open, secrets(server, mesh));
        TlsClient anybody = connect(client, listener)) {
      anybody.socket().getOutputStream().write(1);
      anybody.socket().getInputStream().read();

      assertThat(accepted.take().attr(PeerIdentity.KEY).get()).isEqualTo(PeerIdentity.ANONYMOUS);
    }
  }

  @Test
  void aCertificateThatMayBeLeftOutIsCheckedWhenItIsThere() throws Exception {
    ServerTls optional =
        new ServerTls(tls().certificates(), tls().clients(), false, TlsVersions.DEFAULT, List.of());
    try (ChainServer listener = serve(optional, secrets(server, mesh))) {
      try (TlsClient anybody = connect(null, listener)) {
        anybody.socket().getOutputStream().write(1);
        assertThat(anybody.socket().getInputStream().read()).isEqualTo(1);
      }
      accepted.clear();
      assertThat(failure(mesh.order().uri("spiffe://a/web").issue(), listener))
          .startsWith("client certificate: ");
    }
  }

  @Test
  void aProtocolIsChosenOnlyWhenOneIsConfigured() throws Exception {
    ServerTls h2 =
        new ServerTls(
            tls().certificates(), tls().clients(), true, TlsVersions.DEFAULT, List.of("h2"));

    assertThat(protocol(tls(), "h2")).isEmpty();
    assertThat(protocol(h2, "http/1.1", "h2")).isEqualTo("h2");
    assertThat(protocol(h2, "kuma")).isEmpty(); // nothing in common, and all is well
  }

  private String protocol(ServerTls tls, String... offered) throws Exception {
    SSLContext context = TlsClient.context(mesh, client);
    try (ChainServer listener = serve(tls, secrets(server, mesh));
        SSLSocket socket =
            (SSLSocket)
                context
                    .getSocketFactory()
                    .createSocket(listener.address().getAddress(), listener.address().getPort())) {
      var parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(offered);
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket.getApplicationProtocol();
    }
  }

  @Test
  void versionsAreThoseThatAreAskedForButNeverBelow12() throws Exception {
    ServerTls tls13 = versions(Version.TLS_1_3, Version.TLS_1_3);
    try (ChainServer listener = serve(tls13, secrets(server, mesh))) {
      assertThatThrownBy(() -> connect(client, listener, "TLSv1.2"))
          .isInstanceOf(IOException.class);
      connect(client, listener, "TLSv1.3").close();
    }
    try (ChainServer listener =
        serve(versions(Version.TLS_1_0, Version.TLS_1_2), secrets(server, mesh))) {
      connect(client, listener, "TLSv1.2").close();
      assertThatThrownBy(() -> connect(client, listener, "TLSv1.3"))
          .isInstanceOf(IOException.class);
    }
    assertUnavailable(
        versions(Version.TLS_1_0, Version.TLS_1_1),
        secrets(server, mesh),
        "tls_params: TLS_1_0 to TLS_1_1 (expected: TLS_1_2 or TLS_1_3 among them)");
  }

  private ServerTls versions(Version least, Version most) {
    return new ServerTls(
        tls().certificates(),
        tls().clients(),
        true,
        new TlsVersions(Optional.of(least), Optional.of(most)),
        List.of());
  }

  @Test
  void aSecretThatHasNotComeIsNamed() {
    assertUnavailable(tls(), Map.of(), "secret identity_cert:secret:default: has not arrived");
    assertUnavailable(
        tls(),
        Map.of(OWN, secrets(server, mesh).get(OWN)),
        "secret mesh_ca:secret:default: has not arrived");
  }

  @Test
  void whatCannotBeReadIsNamedAndKeysAreNotShown() {
    SecretSpec good = secrets(server, mesh).get(TRUST);
    String noKey = "-----BEGIN EC PRIVATE KEY-----\nc2VjcmV0\n-----END EC PRIVATE KEY-----\n";
    String badChain = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

    assertUnavailable(
        tls(),
        Map.of(TRUST, good, OWN, own(server.chainPem(), noKey)),
        "certificate of secret identity_cert:secret:default: private key cannot be read");
    assertUnavailable(
        tls(),
        Map.of(TRUST, good, OWN, own(server.chainPem(), "")),
        "certificate of secret identity_cert:secret:default: no private key in it "
            + "(expected: PEM, not encrypted)");
    assertUnavailable(
        tls(),
        Map.of(TRUST, good, OWN, own("", server.keyPem())),
        "certificate of secret identity_cert:secret:default: no certificate in it (expected: PEM)");
    assertThat(
            why(
                tls(),
                Map.of(TRUST, good, OWN, own(badChain + server.chainPem(), server.keyPem()))))
        .startsWith(
            "certificate of secret identity_cert:secret:default: certificate 1 cannot be read: ");
    assertThat(why(tls(), Map.of(TRUST, good, OWN, own(server.chainPem(), client.keyPem()))))
        .startsWith(
            "certificate of secret identity_cert:secret:default: certificate and private key do "
                + "not fit");
    SecretSpec trust =
        new SecretSpec.Trust(
            new ValidationSpec(Optional.of(new TrustedCa.Inline("x")), List.of(), Map.of()));
    assertUnavailable(
        tls(),
        Map.of(TRUST, trust, OWN, own(server.chainPem(), server.keyPem())),
        "CA of secret mesh_ca:secret:default: no certificate in it (expected: PEM)");
  }

  @Test
  void secretsOfTheWrongKindAreNamed() {
    Map<SecretName, SecretSpec> good = secrets(server, mesh);

    assertUnavailable(
        tls(),
        Map.of(OWN, good.get(TRUST), TRUST, good.get(TRUST)),
        "secret identity_cert:secret:default: is a validation context (expected: a certificate)");
    assertUnavailable(
        tls(),
        Map.of(OWN, good.get(OWN), TRUST, good.get(OWN)),
        "secret mesh_ca:secret:default: is a certificate (expected: a validation context)");
  }

  @Test
  void whoWouldCheckNobodyIsRefused() {
    ServerTls nobody =
        new ServerTls(tls().certificates(), Optional.empty(), true, TlsVersions.DEFAULT, List.of());
    ServerTls namesOnly =
        new ServerTls(
            tls().certificates(),
            Optional.of(new Validation(names(), Optional.empty())),
            true,
            TlsVersions.DEFAULT,
            List.of());

    assertUnavailable(
        nobody,
        secrets(server, mesh),
        "require_client_certificate: no validation context to check them with");
    assertUnavailable(
        namesOnly,
        secrets(server, mesh),
        "validation_context: neither trusted_ca nor trust domains");
  }

  @Test
  void certificatesOfFilesAreReadAgainWithEachUpdate(@TempDir Path folder) throws Exception {
    Path chain = folder.resolve("chain.pem");
    Path key = folder.resolve("key.pem");
    ServerTls tls =
        new ServerTls(
            List.of(new CertificateSource.Files(chain.toString(), key.toString())),
            Optional.empty(),
            false,
            TlsVersions.DEFAULT,
            List.of());
    assertThat(why(tls, Map.of()))
        .isEqualTo(
            "certificate of file %1$s: there is no such file (looked for: %1$s)".formatted(chain));
    for (Issued each : List.of(server, mesh.order().ip("127.0.0.1").rsa().server().issue())) {
      Files.writeString(chain, each.chainPem());
      Files.writeString(key, each.keyPem()); // the old forms: EC and RSA PRIVATE KEY
      try (ChainServer listener = serve(tls, Map.of());
          TlsClient anybody = connect(null, listener)) {
        assertThat(anybody.server()).isEqualTo(each.chain().get(0));
      }
    }
  }

  @Test
  void chainsOfTheSameTextsShareOneContextOverUpdates() {
    Outcome first = contexts.terminate(tls(), secrets(server, mesh));
    Outcome second = contexts.terminate(tls(), secrets(server, mesh));

    assertThat(contexts.alive()).isOne();
    assertThat(first).isInstanceOf(Handlers.class);
    assertThat(second).isInstanceOf(Handlers.class);
  }

  @Test
  void aNewSecretIsForNewHandshakes() throws Exception {
    Issued next = mesh.order().ip("127.0.0.1").server().issue();
    try (ChainServer listener = serve(tls(), secrets(server, mesh));
        TlsClient before = connect(client, listener)) {
      Consumer<Channel> after = handlers(tls(), secrets(next, mesh));
      listener.swap(after, after);
      try (TlsClient later = connect(client, listener)) {
        assertThat(later.server()).isEqualTo(next.chain().get(0));
      }
      assertThat(before.server()).isEqualTo(server.chain().get(0));
      before.socket().getOutputStream().write(7);
      assertThat(before.socket().getInputStream().read()).isEqualTo(7);
    }
  }

  @Test
  void nothingIsResumedSoEveryClientIsChecked() throws Exception {
    SSLContext context = TlsClient.context(mesh, client); // keeps sessions
    for (String version : List.of("TLSv1.2", "TLSv1.3")) {
      try (ChainServer listener = serve(tls(), secrets(server, mesh))) {
        long first = sessionBegin(context, listener, version);
        await().until(() -> System.currentTimeMillis() > first);
        assertThat(sessionBegin(context, listener, version)).as(version).isGreaterThan(first);
      }
    }
  }

  private static long sessionBegin(SSLContext context, ChainServer listener, String version)
      throws IOException {
    try (TlsClient one = TlsClient.connect(context, listener.address(), version)) {
      one.socket().getOutputStream().write(1);
      one.socket().getInputStream().read(); // TLS 1.3 would send tickets before it
      return one.socket().getSession().getCreationTime();
    }
  }

  @Test
  void whatAConnectionTookIsReleasedHoweverItEnds() throws Exception {
    SSLContext good = TlsClient.context(mesh, client);
    try (ChainServer listener = serve(tls(), secrets(server, mesh))) {
      for (int i = 0; i < 20; i++) {
        sessionBegin(good, listener, i % 2 == 0 ? "TLSv1.2" : "TLSv1.3");
        refused(null, listener);
        try (Socket reset =
            new Socket(listener.address().getAddress(), listener.address().getPort())) {
          reset.getOutputStream().write(new byte[] {22, 3, 1, 0, 99, 1});
          reset.setSoLinger(true, 0);
        }
      }
      await().until(() -> accepted.size() >= 20); // a reset may outrun its bytes
      for (Channel channel : accepted) {
        await().until(() -> !channel.isOpen());
      }
    }
    await().until(() -> engines.stream().allMatch(each -> each.refCnt() == 0));
    assertThat(engines).hasSizeGreaterThanOrEqualTo(20);
  }

  @Test
  void contextsThatNoChainHoldsGoByThemselves() {
    contexts.terminate(tls(), secrets(server, mesh));
    Outcome held = contexts.terminate(tls(), secrets(client, mesh));
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(
            () -> {
              System.gc();
              return contexts.alive() == 1;
            });
    assertThat(held).isInstanceOf(Handlers.class);
  }

  private ServerTls tls() {
    return new ServerTls(
        List.of(new CertificateSource.Named(OWN)),
        Optional.of(new Validation(names(), Optional.of(TRUST))),
        true,
        TlsVersions.DEFAULT,
        List.of());
  }

  private static ValidationSpec names() {
    return new ValidationSpec(
        Optional.empty(),
        List.of(new SanMatch(SanMatch.Type.URI, StringMatch.prefix("spiffe://default/"))),
        Map.of());
  }

  private static Map<SecretName, SecretSpec> secrets(Issued own, TestAuthority trusted) {
    TrustedCa ca = new TrustedCa.Inline(trusted.pem());
    return Map.of(
        OWN,
        own(own.chainPem(), own.keyPem()),
        TRUST,
        new SecretSpec.Trust(new ValidationSpec(Optional.of(ca), List.of(), Map.of())));
  }

  private static SecretSpec own(String chain, String key) {
    return new SecretSpec.Certificate(chain, new PrivateKeyText(key));
  }

  private void assertUnavailable(ServerTls tls, Map<SecretName, SecretSpec> secrets, String why) {
    assertThat(contexts.terminate(tls, secrets)).isEqualTo(new Unavailable(why));
  }

  private String why(ServerTls tls, Map<SecretName, SecretSpec> secrets) {
    return ((Unavailable) contexts.terminate(tls, secrets)).why();
  }

  private Consumer<Channel> handlers(ServerTls tls, Map<SecretName, SecretSpec> secrets) {
    Outcome outcome = contexts.terminate(tls, secrets);
    assertThat(outcome).isInstanceOf(Handlers.class);
    return ((Handlers) outcome)
        .install()
        .andThen(
            channel -> {
              if (channel.pipeline().get(SslHandler.class).engine()
                  instanceof ReferenceCounted engine) {
                engines.add(engine);
              }
              accepted.add(channel);
              channel.pipeline().addLast(new Echo());
            });
  }

  private ChainServer serve(ServerTls tls, Map<SecretName, SecretSpec> secrets) {
    Consumer<Channel> chain = handlers(tls, secrets);
    return new ChainServer(chain, chain);
  }

  private TlsClient connect(@Nullable Issued own, ChainServer listener, String... versions)
      throws Exception {
    return TlsClient.connect(TlsClient.context(mesh, own), listener.address(), versions);
  }

  private String failure(@Nullable Issued own, ChainServer listener) throws Exception {
    accepted.clear();
    refused(own, listener);
    Channel channel = accepted.take();
    await().until(() -> !channel.isOpen());
    assertThat(channel.attr(PeerIdentity.KEY).get()).isNull();
    return String.valueOf(channel.attr(TlsTermination.FAILURE).get());
  }

  private void refused(@Nullable Issued own, ChainServer listener) throws Exception {
    try (TlsClient refused = connect(own, listener, "TLSv1.3")) {
      refused.socket().getInputStream().read();
    } catch (IOException expected) {
      // with some providers the handshake itself fails
    }
  }

  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ctx.writeAndFlush(message, ctx.voidPromise());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close(); // a client that resets
    }
  }
}
