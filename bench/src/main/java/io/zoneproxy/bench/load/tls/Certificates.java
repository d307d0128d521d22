package io.zoneproxy.bench.load.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A mesh's CA and what it has issued, as PEM files of a folder, made by {@code openssl}.
 *
 * @param folder absolute
 */
public record Certificates(Path folder) {
  /** The one client that may pass. */
  public static final String CLIENT_URI = "spiffe://bench/web";

  /** Its subject, for proxies that cannot read a URI SAN. */
  public static final String CLIENT_NAME = "web";

  private static final String SERVER_URI = "spiffe://bench/egress";
  private static final String DAYS = "30"; // a run lasts an hour

  /** The kinds of keys. */
  public enum KeyKind {
    EC(List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")),
    RSA(List.of("-newkey", "rsa:2048"));

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> options;

    KeyKind(List<String> options) {
      this.options = options;
    }

    private String suffix() {
      return this == EC ? "-ec" : "-rsa";
    }
  }

  /** The authority of this kind of key. */
  public Path authority(KeyKind key) {
    return folder.resolve("ca" + key.suffix() + ".pem");
  }

  /** The proxy's. */
  public Path server(KeyKind key) {
    return folder.resolve("server" + key.suffix() + ".pem");
  }

  /** Its key. */
  public Path serverKey(KeyKind key) {
    return folder.resolve("server" + key.suffix() + ".key");
  }

  /** The caller's. */
  public Path client(KeyKind key) {
    return folder.resolve("client" + key.suffix() + ".pem");
  }

  /** Its key. */
  public Path clientKey(KeyKind key) {
    return folder.resolve("client" + key.suffix() + ".key");
  }

  /** Certificate and key in one file, as HAProxy wants it. */
  public Path serverBoth(KeyKind key) {
    return folder.resolve("both" + key.suffix() + ".pem");
  }

  /** Makes them all. */
  public static Certificates make(Path folder) throws IOException {
    Files.createDirectories(folder);
    Certificates made = new Certificates(folder);
    for (KeyKind key : KeyKind.values()) {
      made.selfSigned(key);
      made.issue(key, "server", SERVER_URI, "serverAuth");
      made.issue(key, "client", CLIENT_URI, "clientAuth");
      Files.writeString(
          made.serverBoth(key),
          Files.readString(made.server(key)) + Files.readString(made.serverKey(key)));
    }
    return made;
  }

  private void selfSigned(KeyKind key) throws IOException {
    List<String> fixed =
        List.of(
            "openssl",
            "req",
            "-x509",
            "-nodes",
            "-days",
            DAYS,
            "-subj",
            "/CN=bench-ca",
            "-addext",
            "keyUsage=critical,keyCertSign,cRLSign");
    run(List.of(fixed, key.options, out("ca" + key.suffix())));
  }

  private void issue(KeyKind key, String name, String uri, String usage) throws IOException {
    String file = name + key.suffix();
    String subject = name.equals("client") ? CLIENT_NAME : name;
    run(
        List.of(
            List.of("openssl", "req", "-nodes", "-subj", "/CN=" + subject),
            key.options,
            List.of("-keyout", path(file + ".key"), "-out", path(file + ".csr"))));
    Path extensions = folder.resolve(file + ".ext");
    Files.writeString(
        extensions,
        "subjectAltName=URI:%s%nkeyUsage=digitalSignature%nextendedKeyUsage=%s%n"
            .formatted(uri, usage));
    run(
        List.of(
            List.of("openssl", "x509", "-req", "-days", DAYS, "-in", path(file + ".csr")),
            List.of("-CA", path("ca" + key.suffix() + ".pem")),
            List.of("-CAkey", path("ca" + key.suffix() + ".key"), "-CAcreateserial"),
            List.of("-extfile", extensions.toString(), "-out", path(file + ".pem"))));
  }

  private List<String> out(String file) {
    return List.of("-keyout", path(file + ".key"), "-out", path(file + ".pem"));
  }

  private String path(String file) {
    return folder.resolve(file).toString();
  }

  private static void run(List<List<String>> parts) throws IOException {
    List<String> command = parts.stream().flatMap(List::stream).toList();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + ": " + said.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
