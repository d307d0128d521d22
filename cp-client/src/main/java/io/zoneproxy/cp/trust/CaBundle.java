package io.zoneproxy.cp.trust;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.util.encoders.Hex;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Certificates from a PEM text: their bytes, and as CAs those that Java can read. Immutable. */
final class CaBundle {
  static final CaBundle EMPTY = new CaBundle(List.of());

  private static final Logger log = LoggerFactory.getLogger(CaBundle.class);
  private static final String BLOCK = "CERTIFICATE"; // RFC 7468 5.1

  private final Set<String> encoded; // in hex
  private final List<X509Certificate> readable = new ArrayList<>();

  private CaBundle(List<byte[]> certificates) {
    encoded = certificates.stream().map(Hex::toHexString).collect(Collectors.toSet());
    for (byte[] each : certificates) {
      try {
        readable.add(parse(each));
      } catch (CertificateException e) {
        log.debug("a certificate of the CA bundle is no CA here: {}", e.getMessage());
      }
    }
  }

  /**
   * Reads the blocks of a text; what stands between them does not matter.
   *
   * @throws IOException when there is no certificate in it
   */
  static CaBundle read(String pem) throws IOException {
    List<byte[]> certificates = new ArrayList<>();
    try (PemReader reader = new PemReader(new StringReader(pem))) {
      for (PemObject block = reader.readPemObject();
          block != null;
          block = reader.readPemObject()) {
        if (block.getType().equals(BLOCK)) {
          certificates.add(block.getContent());
        }
      }
    } catch (IOException | RuntimeException e) { // the latter for bad base64
      throw new IOException(e.getMessage() + " (expected: certificates in PEM)", e);
    }
    if (certificates.isEmpty()) {
      throw new IOException("no certificate in it (expected: PEM)");
    }
    return new CaBundle(certificates);
  }

  static X509Certificate parse(byte[] der) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  /** Whether this very certificate is in it. */
  boolean contains(byte[] der) {
    return encoded.contains(Hex.toHexString(der));
  }

  /** Checks chains up to its readable certificates; takes none when there are none. */
  X509TrustManager signers() throws IOException {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (X509Certificate each : readable) {
        store.setCertificateEntry("ca-" + store.size(), each);
      }
      return trustManager(store);
    } catch (GeneralSecurityException e) {
      throw new IOException("the CA bundle cannot be used: " + e.getMessage(), e);
    }
  }

  /** Checks chains up to the CAs of the system. */
  static X509TrustManager system() throws IOException {
    try {
      return trustManager(null);
    } catch (GeneralSecurityException e) {
      throw new IOException("the CAs of the system cannot be read: " + e.getMessage(), e);
    }
  }

  private static X509TrustManager trustManager(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    for (TrustManager each : factory.getTrustManagers()) {
      if (each instanceof X509TrustManager manager) {
        return manager;
      }
    }
    throw new GeneralSecurityException("no X.509 trust manager");
  }
}
