package io.zoneproxy.tls.context;

import io.zoneproxy.core.model.tls.CertificateSource;
import io.zoneproxy.core.model.tls.PrivateKeyText;
import io.zoneproxy.core.model.tls.SanMatch;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.SecretSpec;
import io.zoneproxy.core.model.tls.ServerTls;
import io.zoneproxy.core.model.tls.TlsVersions;
import io.zoneproxy.core.model.tls.TrustedCa;
import io.zoneproxy.core.model.tls.Validation;
import io.zoneproxy.core.model.tls.ValidationSpec;
import io.zoneproxy.core.text.TextTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All texts that a context is made of, wherever they came from: two equal ones need but one
 * context. Their parts say in messages where they came from.
 *
 * @param own certificate and key
 * @param clients empty = clients are not asked for a certificate
 * @param required whether each client needs one
 * @param alpn protocols in order of preference
 */
record Material(
    Own own, Optional<Peers> clients, boolean required, TlsVersions versions, List<String> alpn) {

  /**
   * A PEM text.
   *
   * @param where it came from, for messages
   * @param file its path; "" when it is no file
   */
  record Text(String pem, String where, String file) {
    Text(String pem, String where) {
      this(pem, where, "");
    }
  }

  /**
   * An own certificate and its key.
   *
   * @param key of it
   */
  record Own(Text chain, PrivateKeyText key) {}

  /**
   * How peers are checked: by authorities, or by trust domain.
   *
   * @param ca empty when trust domains are given
   */
  record Peers(Optional<Text> ca, List<SanMatch> names, Map<String, Text> trustDomains) {}

  /**
   * Gathers them; reads files.
   *
   * @param secrets those that have come
   */
  static Material of(ServerTls tls, Map<SecretName, SecretSpec> secrets)
      throws UnusableTlsException {
    if (tls.certificates().size() != 1) {
      throw new UnusableTlsException(
          "tls_certificates: " + tls.certificates().size() + " (expected: 1)");
    }
    Own own = own(tls.certificates().get(0), secrets);
    Optional<Peers> clients = Optional.empty();
    if (tls.clients().isPresent()) {
      clients = Optional.of(peers(tls.clients().get(), secrets));
    } else if (tls.requireCertificate()) {
      throw new UnusableTlsException(
          "require_client_certificate: no validation context to check them with");
    }
    return new Material(own, clients, tls.requireCertificate(), tls.versions(), tls.alpn());
  }

  /** An own certificate; reads files. */
  static Own own(CertificateSource source, Map<SecretName, SecretSpec> secrets)
      throws UnusableTlsException {
    SecretSpec.Certificate found = certificate(source, secrets);
    String where = where(source);
    if (found.key().isLeftOut()) {
      throw new UnusableTlsException(
          where
              + ": its private key was not kept on disk (--last-known-good-key-file keeps keys);"
              + " waiting for the control plane");
    }
    return new Own(new Text(found.chain(), where, file(source)), found.key());
  }

  private static String file(CertificateSource source) {
    return source instanceof CertificateSource.Files files ? files.chain() : "";
  }

  private static String where(CertificateSource source) {
    if (source instanceof CertificateSource.Named named) {
      return "certificate of secret " + named.secret();
    }
    return source instanceof CertificateSource.Files files
        ? "certificate of file " + files.chain()
        : "certificate of tls_certificates";
  }

  private static SecretSpec.Certificate certificate(
      CertificateSource source, Map<SecretName, SecretSpec> secrets) throws UnusableTlsException {
    if (source instanceof CertificateSource.Inline inline) {
      return new SecretSpec.Certificate(inline.chain(), inline.key());
    }
    if (source instanceof CertificateSource.Files files) {
      String chain = read(files.chain(), "certificate");
      return new SecretSpec.Certificate(
          chain, new PrivateKeyText(read(files.key(), "private key")));
    }
    SecretName name = ((CertificateSource.Named) source).secret();
    if (secret(name, secrets) instanceof SecretSpec.Certificate found) {
      return found;
    }
    throw new UnusableTlsException(
        "secret " + name + ": is a validation context (expected: a certificate)");
  }

  private static SecretSpec secret(SecretName name, Map<SecretName, SecretSpec> secrets)
      throws UnusableTlsException {
    SecretSpec found = secrets.get(name);
    if (found == null) {
      throw new UnusableTlsException("secret " + name + ": has not arrived");
    }
    return found;
  }

  /** How peers are checked; reads files. */
  static Peers peers(Validation validation, Map<SecretName, SecretSpec> secrets)
      throws UnusableTlsException {
    ValidationSpec fixed = validation.fixed();
    ValidationSpec sent = ValidationSpec.EMPTY;
    if (validation.secret().isPresent()) {
      SecretName name = validation.secret().get();
      if (!(secret(name, secrets) instanceof SecretSpec.Trust trust)) {
        throw new UnusableTlsException(
            "secret " + name + ": is a certificate (expected: a validation context)");
      }
      sent = trust.validation();
    }
    String where = validation.secret().map(name -> "secret " + name).orElse("validation_context");
    ValidationSpec wins = saysWhom(sent) ? sent : fixed;
    if (!saysWhom(wins)) {
      throw new UnusableTlsException(where + ": neither trusted_ca nor trust domains");
    }
    List<SanMatch> names = Stream.concat(fixed.names().stream(), sent.names().stream()).toList();
    for (SanMatch name : names) {
      try {
        TextTest.of(name.value());
      } catch (IllegalArgumentException e) {
        throw new UnusableTlsException(where + ": " + e.getMessage());
      }
    }
    return whom(wins, names, where);
  }

  private static boolean saysWhom(ValidationSpec spec) {
    return spec.ca().isPresent() || !spec.trustDomains().isEmpty();
  }

  private static Peers whom(ValidationSpec spec, List<SanMatch> names, String where)
      throws UnusableTlsException {
    Map<String, Text> domains =
        spec.trustDomains().entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey,
                    each ->
                        new Text(
                            each.getValue(), "trust domain " + each.getKey() + " of " + where)));
    if (!domains.isEmpty() || spec.ca().isEmpty()) {
      return new Peers(Optional.empty(), names, domains);
    }
    Text ca =
        spec.ca().get() instanceof TrustedCa.File file
            ? new Text(read(file.path(), "CA"), "CA of file " + file.path(), file.path())
            : new Text(((TrustedCa.Inline) spec.ca().get()).pem(), "CA of " + where);
    return new Peers(Optional.of(ca), names, Map.of());
  }

  private static String read(String path, String what) throws UnusableTlsException {
    try {
      return Files.readString(Path.of(path), StandardCharsets.ISO_8859_1); // PEM is ASCII
    } catch (NoSuchFileException e) {
      throw new UnusableTlsException(
          "%s of file %s: there is no such file (looked for: %s)"
              .formatted(what, path, Path.of(path).toAbsolutePath()),
          e);
    } catch (IOException | InvalidPathException e) {
      throw new UnusableTlsException(
          what + " of file " + path + ": cannot be read: " + e.getClass().getSimpleName(), e);
    }
  }
}
