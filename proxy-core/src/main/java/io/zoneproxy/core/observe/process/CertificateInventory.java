package io.zoneproxy.core.observe.process;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The certificates in use: public parts only. Asked by the admin port, on its event loop: it
 * answers at once.
 */
@FunctionalInterface
public interface CertificateInventory {
  /** No certificate is used: a passthrough has none. */
  CertificateInventory NONE = List::of;

  /** One entry for each TLS context, in a stable order. */
  List<Context> contexts();

  /** Whole days until the first one expires, 0 when one has; empty when there is none. */
  default OptionalLong daysUntilFirstExpiry() {
    Instant now = Instant.now();
    return contexts().stream()
        .flatMap(context -> Stream.concat(context.trusted().stream(), context.chain().stream()))
        .mapToLong(certificate -> certificate.daysLeft(now))
        .min();
  }

  /**
   * What one TLS context uses.
   *
   * @param trusted whom it believes
   * @param chain what it shows, its own certificate first; empty when it shows none
   */
  record Context(List<Certificate> trusted, List<Certificate> chain) {
    public Context {
      trusted = List.copyOf(trusted);
      chain = List.copyOf(chain);
    }
  }

  /**
   * One certificate.
   *
   * @param path the file it came from, or {@code <inline>}
   * @param serial serial number, lower-case hexadecimal
   * @param names whom it is for
   * @param validFrom not before
   * @param validTo not after
   */
  record Certificate(
      String path, String serial, List<AltName> names, Instant validFrom, Instant validTo) {
    private static final int HEX = 16;

    public Certificate {
      names = List.copyOf(names);
    }

    /**
     * What a parsed certificate says.
     *
     * @param path the file it came from; "" for one that came from the control plane
     */
    public static Certificate of(String path, X509Certificate certificate) {
      return new Certificate(
          path.isEmpty() ? "<inline>" : path,
          certificate.getSerialNumber().toString(HEX),
          AltName.in(certificate),
          certificate.getNotBefore().toInstant(),
          certificate.getNotAfter().toInstant());
    }

    /** Whole days until it expires; 0 when it has. */
    public long daysLeft(Instant now) {
      return Math.max(0, Duration.between(now, validTo).toDays());
    }
  }

  /**
   * One subject alternative name.
   *
   * @param kind Envoy's word for what it is: {@code dns}, {@code uri} or {@code ip_address}
   * @param value the name
   */
  record AltName(String kind, String value) {
    /** Numbers of RFC 5280's GeneralName, as the JDK gives them. */
    private static final int DNS = 2;

    private static final int URI = 6;
    private static final int IP = 7;

    static List<AltName> in(X509Certificate certificate) {
      List<AltName> names = new ArrayList<>();
      try {
        Collection<List<?>> all = certificate.getSubjectAlternativeNames();
        for (List<?> name : all == null ? List.<List<?>>of() : all) {
          String kind =
              switch ((Integer) name.get(0)) {
                case DNS -> "dns";
                case URI -> "uri";
                case IP -> "ip_address";
                default -> "";
              };
          if (!kind.isEmpty()) {
            names.add(new AltName(kind, String.valueOf(name.get(1))));
          }
        }
      } catch (CertificateParsingException e) {
        return List.of(); // it is only shown: who uses it has refused it before
      }
      return names;
    }
  }
}
