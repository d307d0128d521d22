package io.zoneproxy.cp.lastgood;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.zoneproxy.core.model.tls.PrivateKeyText;
import io.zoneproxy.cp.dump.SensitiveFields;
import io.zoneproxy.cp.fields.KnownTypes;
import io.zoneproxy.cp.resource.RawResource;
import io.zoneproxy.cp.resource.ResourceMessages;
import io.zoneproxy.cp.resource.ResourceStore;
import io.zoneproxy.cp.resource.ResourceType;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.CipherInputStream;
import javax.crypto.CipherOutputStream;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Keeps the resources in force in a file (0600), written beside and then put in its place, so that
 * a crash leaves the old one whole. Without a key, private keys are left out; with one, the file is
 * encrypted (AES-256-GCM, which also notices changes). Blocks on the file system; one call at a
 * time.
 *
 * <p>Layout: one line of text, {@code zoneproxy-last-known-good-1 plain} or {@code … aes}; with
 * {@code aes} 12 bytes of nonce; then delimited protobuf messages: a Struct that says whose it is
 * and when, then Resources, the last of which says that it is.
 */
public final class LastKnownGood {
  /** Clocks of machines that share a disk may differ by so much. */
  private static final Duration MOST_AHEAD = Duration.ofMinutes(5);

  private static final String PLAIN = "zoneproxy-last-known-good-1 plain\n";
  private static final String SEALED = "zoneproxy-last-known-good-1 aes  \n"; // of one length
  private static final int NONCE_BYTES = 12; // of GCM, NIST SP 800-38D
  private static final int TAG_BITS = 128;
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final String END = "end"; // of a resource without a type: a cut file has none
  private static final String CIPHER = "AES/GCM/NoPadding";

  private final Path file;
  private final Optional<Path> keyFile;
  private final String owner;
  private final KnownTypes types;

  /**
   * Touches nothing yet.
   *
   * @param folder of the file, which is there
   * @param owner who the configuration is for, as the control plane knows it ({@code .egress-1})
   * @param keyFile encrypts; empty leaves private keys out
   * @param types that may stand in an {@code Any}
   */
  public LastKnownGood(Path folder, String owner, Optional<Path> keyFile, KnownTypes types) {
    this.file = folder.resolve("last-known-good-" + fileName(owner));
    this.keyFile = keyFile;
    this.owner = owner;
    this.types = types;
  }

  /**
   * Reads a key, to know at the start what would be found out when the first configuration is kept.
   *
   * @throws IOException says what is wrong with it
   */
  public static void checkKey(Path keyFile) throws IOException {
    KeyFile.read(keyFile);
  }

  /** Kuma's names are those of hosts and meshes; anything else would not belong into a path. */
  private static String fileName(String owner) {
    return owner.replaceAll("[^a-z0-9.-]", "_");
  }

  /** Where it is. */
  public Path file() {
    return file;
  }

  /**
   * Writes what is in force.
   *
   * @throws IOException when it cannot; what was there stays
   */
  public void save(ResourceStore store, Instant now) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    FileAttribute<?> ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try (FileChannel channel =
        FileChannel.open(
            fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly)) {
      OutputStream raw =
          new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES) {
            @Override
            public void close() throws IOException {
              flush(); // the file must reach the disk before it is closed
            }
          };
      try (OutputStream out = keyFile.isPresent() ? sealing(raw, keyFile.get()) : plain(raw)) {
        write(out, store, now);
      }
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void write(OutputStream out, ResourceStore store, Instant now) throws IOException {
    header(now).writeDelimitedTo(out);
    SensitiveFields leaveOut = new SensitiveFields(types, PrivateKeyText.LEFT_OUT);
    for (ResourceType type : ResourceType.values()) {
      for (RawResource each : store.each(type)) {
        packed(each, leaveOut).writeDelimitedTo(out);
      }
    }
    Resource.newBuilder().setName(END).build().writeDelimitedTo(out);
  }

  private Resource packed(RawResource resource, SensitiveFields leaveOut) throws IOException {
    ByteString bytes =
        keyFile.isEmpty() && mayHoldKeys(resource, leaveOut)
            ? leaveOut.replaced(ResourceMessages.parse(resource)).toByteString()
            : resource.bytes();
    // One without its key is not what the control plane has: it must send it again.
    String version = bytes.equals(resource.bytes()) ? resource.version() : "";
    return Resource.newBuilder()
        .setName(resource.name())
        .setVersion(version)
        .setResource(Any.newBuilder().setTypeUrl(resource.type().typeUrl()).setValue(bytes))
        .build();
  }

  private static boolean mayHoldKeys(RawResource resource, SensitiveFields leaveOut) {
    return resource.type() != ResourceType.ENDPOINT
        && !leaveOut.none(ResourceMessages.type(resource.type()), resource.bytes());
  }

  private Struct header(Instant now) {
    return Struct.newBuilder()
        .putFields("owner", Value.newBuilder().setStringValue(owner).build())
        .putFields("saved", Value.newBuilder().setStringValue(now.toString()).build())
        .build();
  }

  private static OutputStream plain(OutputStream raw) throws IOException {
    raw.write(PLAIN.getBytes(StandardCharsets.US_ASCII));
    return raw;
  }

  private static OutputStream sealing(OutputStream raw, Path keyFile) throws IOException {
    byte[] nonce = new byte[NONCE_BYTES];
    new SecureRandom().nextBytes(nonce);
    raw.write(SEALED.getBytes(StandardCharsets.US_ASCII));
    raw.write(nonce);
    return new CipherOutputStream(raw, cipher(Cipher.ENCRYPT_MODE, KeyFile.read(keyFile), nonce));
  }

  private static Cipher cipher(int mode, SecretKey key, byte[] nonce) throws IOException {
    try {
      Cipher cipher = Cipher.getInstance(CIPHER);
      cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
      return cipher;
    } catch (GeneralSecurityException e) {
      throw new IOException("AES is not available: " + e.getMessage(), e);
    }
  }

  /**
   * Reads it, if nobody but this user and root can have written it.
   *
   * @return empty when there is none
   * @throws IOException when there is one that cannot be used; the message says why
   */
  public Optional<Kept> load() throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try (InputStream raw =
        new BufferedInputStream(TrustedFile.open(file, LinkOption.NOFOLLOW_LINKS), BUFFER_BYTES)) {
      InputStream in = opened(raw);
      Struct header = Struct.parseDelimitedFrom(in);
      if (header == null || !owner.equals(text(header, "owner"))) {
        throw new IOException(
            "it is of "
                + (header == null ? "nobody" : text(header, "owner"))
                + " (expected: "
                + owner
                + ")");
      }
      Instant saved = Instant.parse(text(header, "saved"));
      if (saved.isAfter(Instant.now().plus(MOST_AHEAD))) {
        throw new IOException("saved at " + saved + ", which lies ahead: nobody knows its age");
      }
      return Optional.of(new Kept(saved, resources(in)));
    } catch (IOException | RuntimeException e) {
      throw new IOException(file + ": " + e.getMessage() + "; it is not used", e);
    }
  }

  private InputStream opened(InputStream raw) throws IOException {
    String first = new String(raw.readNBytes(PLAIN.length()), StandardCharsets.US_ASCII);
    if (first.equals(PLAIN)) {
      if (keyFile.isPresent()) { // anybody could have written it
        throw new IOException("not encrypted (expected: sealed with the key that is given)");
      }
      return raw;
    }
    if (!first.equals(SEALED)) {
      throw new IOException("not a configuration of this program, or of another version");
    }
    if (keyFile.isEmpty()) {
      throw new IOException("encrypted, and no key was given (expected: a key file)");
    }
    byte[] nonce = raw.readNBytes(NONCE_BYTES);
    return new CipherInputStream(
        raw, cipher(Cipher.DECRYPT_MODE, KeyFile.read(keyFile.get()), nonce));
  }

  private static String text(Struct header, String name) {
    return header.getFieldsOrDefault(name, Value.getDefaultInstance()).getStringValue();
  }

  private static List<RawResource> resources(InputStream in) throws IOException {
    List<RawResource> all = new ArrayList<>();
    while (true) {
      Resource each = Resource.parseDelimitedFrom(in);
      if (each == null) {
        throw new IOException("it ends too early");
      }
      if (!each.hasResource() && each.getName().equals(END)) {
        if (in.read() >= 0) {
          throw new IOException("something follows its end (expected: nothing; delete it)");
        }
        return all;
      }
      Any any = each.getResource();
      ResourceType type =
          ResourceType.of(any.getTypeUrl())
              .orElseThrow(() -> new IOException("unknown type: " + any.getTypeUrl()));
      all.add(new RawResource(type, each.getName(), each.getVersion(), any.getValue()));
    }
  }

  /**
   * What was kept.
   *
   * @param saved when
   */
  public record Kept(Instant saved, List<RawResource> resources) {
    public Kept {
      resources = List.copyOf(resources);
    }
  }
}
