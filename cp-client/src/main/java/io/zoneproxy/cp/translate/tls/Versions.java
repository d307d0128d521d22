package io.zoneproxy.cp.translate.tls;

import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import io.zoneproxy.core.model.tls.TlsVersions;
import io.zoneproxy.core.model.tls.TlsVersions.Version;
import io.zoneproxy.cp.translate.value.Problems;
import java.util.Optional;

/** Versions of TLS; ciphers and curves are not for a control plane to choose here. */
final class Versions {
  private Versions() {}

  static TlsVersions of(TlsParameters from, Problems problems) {
    refuse("cipher_suites", from.getCipherSuitesCount(), problems);
    refuse("ecdh_curves", from.getEcdhCurvesCount(), problems);
    refuse("signature_algorithms", from.getSignatureAlgorithmsCount(), problems);
    Problems least = problems.at("tls_minimum_protocol_version");
    Problems most = problems.at("tls_maximum_protocol_version");
    Optional<Version> since = version(from.getTlsMinimumProtocolVersion(), least);
    Optional<Version> upTo = version(from.getTlsMaximumProtocolVersion(), most);
    if (since.isEmpty() && upTo.isEmpty()) {
      return TlsVersions.DEFAULT;
    }
    if (since.isPresent() && upTo.isPresent() && since.get().compareTo(upTo.get()) > 0) {
      most.add(upTo.get(), "at least " + since.get());
    }
    return new TlsVersions(since, upTo);
  }

  private static void refuse(String field, int count, Problems problems) {
    if (count > 0) {
      problems.at(field).add(count + " given", "none");
    }
  }

  private static Optional<Version> version(TlsParameters.TlsProtocol from, Problems problems) {
    return switch (from) {
      case TLS_AUTO -> Optional.empty();
      case TLSv1_0 -> Optional.of(Version.TLS_1_0);
      case TLSv1_1 -> Optional.of(Version.TLS_1_1);
      case TLSv1_2 -> Optional.of(Version.TLS_1_2);
      case TLSv1_3 -> Optional.of(Version.TLS_1_3);
      default -> {
        problems.add(from, "TLSv1_0 to TLSv1_3");
        yield Optional.empty();
      }
    };
  }
}
