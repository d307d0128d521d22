package io.zoneproxy.cp.lastgood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.zoneproxy.core.model.tls.PrivateKeyText;
import io.zoneproxy.cp.fields.KnownTypes;
import io.zoneproxy.cp.fields.XdsTypes;
import io.zoneproxy.cp.resource.RawResource;
import io.zoneproxy.cp.resource.ResourceStore;
import io.zoneproxy.cp.resource.ResourceType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastKnownGoodTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final String KEY_TEXT = "-----BEGIN PRIVATE KEY----- deep secret";

  @TempDir
  @SuppressWarnings("NullAway") // JUnit sets it
  Path folder;

  @Test
  void givesBackWhatWasSaved() throws IOException {
    LastKnownGood file = file(Optional.empty());
    ResourceStore store = new ResourceStore();
    store.put(listener("plain", Listener.newBuilder().setName("plain").build(), "v7"));

    file.save(store, NOW);

    LastKnownGood.Kept kept = file.load().orElseThrow();
    assertThat(kept.saved()).isEqualTo(NOW);
    assertThat(kept.resources()).isEqualTo(List.copyOf(store.all(ResourceType.LISTENER).values()));
  }

  @Test
  void thereIsNothingBeforeTheFirstSave() throws IOException {
    assertThat(file(Optional.empty()).load()).isEmpty();
  }

  @Test
  void onlyItsOwnerMayReadTheFile() throws IOException {
    LastKnownGood file = file(Optional.empty());
    file.save(new ResourceStore(), NOW);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.file())))
        .isEqualTo("rw-------");
  }

  @Test
  void privateKeysAreLeftOutOfSecretsAndListenersAlike() throws IOException {
    LastKnownGood file = file(Optional.empty());
    file.save(withKeys(), NOW);

    assertThat(content(file)).doesNotContain("deep secret");
    for (RawResource each : file.load().orElseThrow().resources()) {
      assertThat(each.bytes().toStringUtf8()).contains(PrivateKeyText.LEFT_OUT);
      assertThat(each.version()).as("it is not what the control plane sent").isEmpty();
    }
  }

  @Test
  void withAKeyFilePrivateKeysAreKeptAndNothingCanBeRead() throws IOException {
    LastKnownGood file = file(Optional.of(key("0f")));
    ResourceStore store = withKeys();
    file.save(store, NOW);

    assertThat(content(file)).doesNotContain("deep secret").doesNotContain("identity");
    assertThat(file.load().orElseThrow().resources())
        .containsAll(store.all(ResourceType.SECRET).values());
  }

  @Test
  void anotherKeyOpensNothing() throws IOException {
    file(Optional.of(key("0f"))).save(withKeys(), NOW);

    assertThatThrownBy(() -> file(Optional.of(key("1f"))).load())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("it is not used");
    assertThatThrownBy(() -> file(Optional.empty()).load()).hasMessageContaining("key file");
  }

  @Test
  void aChangedByteIsNoticedWhenEncrypted() throws IOException {
    LastKnownGood file = file(Optional.of(key("0f")));
    file.save(withKeys(), NOW);
    byte[] bytes = Files.readAllBytes(file.file());
    bytes[bytes.length - 20] ^= 1;
    Files.write(file.file(), bytes);

    assertThatThrownBy(file::load).isInstanceOf(IOException.class);
  }

  @Test
  void everyCutOfTheFileIsRefusedOrGivesFewerResourcesButNeverThrowsAnythingElse()
      throws IOException {
    LastKnownGood file = file(Optional.empty());
    file.save(withKeys(), NOW);
    byte[] whole = Files.readAllBytes(file.file());
    for (int length = 0; length < whole.length; length++) {
      Files.write(file.file(), java.util.Arrays.copyOf(whole, length));
      assertThatThrownBy(file::load).as("cut at %d", length).isInstanceOf(IOException.class);
    }
  }

  @Test
  void thatOfAnotherProxyIsRefused() throws IOException {
    LastKnownGood one = file(Optional.empty());
    one.save(new ResourceStore(), NOW);
    LastKnownGood other = new LastKnownGood(folder, ".other", Optional.empty(), types());
    Files.move(one.file(), other.file());

    assertThatThrownBy(other::load)
        .hasMessageContaining(".egress-1")
        .hasMessageContaining(".other");
  }

  @Test
  void aKeyFileThatIsNoneIsRefusedInWords() throws IOException {
    Path odd = Files.writeString(folder.resolve("key"), "too short");

    assertThatThrownBy(() -> file(Optional.of(odd)).save(new ResourceStore(), NOW))
        .hasMessageContaining("64 hexadecimal digits");
    assertThatThrownBy(() -> LastKnownGood.checkKey(odd))
        .hasMessageContaining("9 characters that are no key");
  }

  @Test
  void aLinkAFolderAndAFifoAreRefusedAndHoldNobodyUp() throws Exception {
    LastKnownGood file = file(Optional.empty());
    file.save(new ResourceStore(), NOW);
    Path real = Files.move(file.file(), folder.resolve("real"));
    Files.createSymbolicLink(file.file(), real);
    assertRefused(file, "is a symbolic link (expected: a regular file; remove it)");

    Files.delete(file.file());
    Files.createSymbolicLink(file.file(), folder.resolve("nowhere"));
    assertRefused(file, "is a symbolic link");

    Files.delete(file.file());
    Files.createDirectory(file.file());
    assertRefused(file, "is a folder");

    Files.delete(file.file());
    assertThat(new ProcessBuilder("mkfifo", file.file().toString()).start().waitFor()).isZero();
    assertRefused(file, "is a FIFO");
  }

  @Test
  void aFileThatOthersMayHaveWrittenIsRefused() throws IOException {
    LastKnownGood file = file(Optional.empty());
    file.save(new ResourceStore(), NOW);
    for (String mode : List.of("rw-rw----", "rw----rw-")) {
      Files.setPosixFilePermissions(file.file(), PosixFilePermissions.fromString(mode));
      assertRefused(file, "others may write it: " + mode + " (expected: ");
    }
    Files.setPosixFilePermissions(file.file(), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(file.load()).isPresent();
  }

  @Test
  void aFileOfSomebodyElseIsRefused() throws IOException {
    LastKnownGood file = file(Optional.empty());
    file.save(new ResourceStore(), NOW);
    boolean root = Files.getAttribute(file.file(), "unix:uid").equals(0);
    assumeTrue(root, "skipped: only root can give a file away");
    Files.setAttribute(file.file(), "unix:uid", 12_345);

    assertRefused(file, "belongs to user 12345 (expected: 0, who runs this program, or root");
  }

  @Test
  void whatFollowsTheEndIsRefusedPlainAndSealed() throws IOException {
    for (Optional<Path> key : List.of(Optional.<Path>empty(), Optional.of(key("0f")))) {
      LastKnownGood file = file(key);
      file.save(withKeys(), NOW);
      Files.write(file.file(), new byte[] {0}, StandardOpenOption.APPEND);
      assertThatThrownBy(file::load).hasMessageContaining("it is not used");
    }
    LastKnownGood plain = file(Optional.empty());
    plain.save(withKeys(), NOW);
    Files.writeString(plain.file(), "junk", StandardOpenOption.APPEND);
    assertRefused(plain, "something follows its end (expected: nothing; delete it)");
  }

  @Test
  void aKeyFileMayBeALinkAndNothingThatOthersWrite() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), key("0f")); // as in Kubernetes
    file(Optional.of(link)).save(withKeys(), NOW);
    assertThat(file(Optional.of(link)).load()).isPresent();

    Files.setPosixFilePermissions(key("0f"), PosixFilePermissions.fromString("rw-rw-rw-"));
    assertThatThrownBy(() -> file(Optional.of(link)).load())
        .hasMessageContaining(link + ": others may write it: rw-rw-rw-");
    Path fifo = folder.resolve("fifo");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    assertThatThrownBy(() -> file(Optional.of(fifo)).save(withKeys(), NOW))
        .hasMessageContaining(fifo + ": is a FIFO");
    assertThatThrownBy(() -> file(Optional.of(folder.resolve("none"))).load())
        .hasMessageContaining("does not exist");
  }

  private static void assertRefused(LastKnownGood file, String why) {
    assertThatThrownBy(file::load)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file.file() + ": " + why)
        .hasMessageEndingWith("; it is not used");
  }

  private LastKnownGood file(Optional<Path> key) {
    return new LastKnownGood(folder, ".egress-1", key, types());
  }

  private static KnownTypes types() {
    return XdsTypes.KNOWN;
  }

  private Path key(String byteText) throws IOException {
    return Files.writeString(folder.resolve("key-" + byteText), byteText.repeat(32) + "\n");
  }

  private static String content(LastKnownGood file) throws IOException {
    return new String(Files.readAllBytes(file.file()), StandardCharsets.ISO_8859_1);
  }

  private static ResourceStore withKeys() {
    TlsCertificate certificate =
        TlsCertificate.newBuilder()
            .setPrivateKey(
                DataSource.newBuilder().setInlineBytes(ByteString.copyFromUtf8(KEY_TEXT)))
            .build();
    Secret secret = Secret.newBuilder().setName("identity").setTlsCertificate(certificate).build();
    DownstreamTlsContext tls =
        DownstreamTlsContext.newBuilder()
            .setCommonTlsContext(CommonTlsContext.newBuilder().addTlsCertificates(certificate))
            .build();
    Listener listener =
        Listener.newBuilder()
            .setName("admin")
            .addFilterChains(
                FilterChain.newBuilder()
                    .setTransportSocket(TransportSocket.newBuilder().setTypedConfig(Any.pack(tls))))
            .build();
    ResourceStore store = new ResourceStore();
    store.put(new RawResource(ResourceType.SECRET, "identity", "1", secret.toByteString()));
    store.put(listener("admin", listener, "1"));
    return store;
  }

  private static RawResource listener(String name, Message message, String version) {
    return new RawResource(ResourceType.LISTENER, name, version, message.toByteString());
  }
}
