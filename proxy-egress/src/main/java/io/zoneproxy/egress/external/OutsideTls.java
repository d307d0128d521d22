package io.zoneproxy.egress.external;

import io.netty.util.NetUtil;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.model.tls.CertificateSource;
import io.zoneproxy.core.model.tls.ClientTls;
import io.zoneproxy.core.model.tls.SanMatch;
import io.zoneproxy.core.model.tls.TlsVersions;
import io.zoneproxy.core.model.tls.Validation;
import io.zoneproxy.core.model.tls.ValidationSpec;
import io.zoneproxy.core.resource.DataSource;
import io.zoneproxy.core.resource.ExternalService;
import io.zoneproxy.core.resource.MeshExternalService;
import io.zoneproxy.core.resource.MeshExternalService.Mode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** TLS towards external services, as a control plane would have it. */
final class OutsideTls {
  private final TlsTexts texts;

  OutsideTls(TlsTexts texts) {
    this.texts = texts;
  }

  /**
   * Of the older form.
   *
   * @param host of the endpoint
   */
  ClientTls of(ExternalService.Tls tls, String host, Protocol protocol)
      throws MissingTextException {
    String name = tls.serverName().isEmpty() ? host : tls.serverName();
    List<SanMatch> names = tls.anyName() ? List.of() : names(List.of(StringMatch.exact(name)));
    return new ClientTls(
        serverName(name),
        own(tls.own()),
        Optional.of(checked(tls.ca(), names)),
        TlsVersions.DEFAULT,
        protocol.alpn(),
        tls.allowRenegotiation());
  }

  /**
   * Of a MeshExternalService.
   *
   * @param host of the first endpoint
   */
  ClientTls of(MeshExternalService.Tls tls, String host, Protocol protocol)
      throws MissingTextException {
    boolean ownName = tls.mode() == Mode.SECURED || tls.mode() == Mode.SKIP_CA;
    String name = ownName && !tls.serverName().isEmpty() ? tls.serverName() : host;
    return new ClientTls(
        serverName(name),
        tls.mode() == Mode.SKIP_ALL ? List.of() : own(tls.own()),
        validation(tls, name),
        tls.versions(),
        protocol.alpn(),
        tls.allowRenegotiation());
  }

  private Optional<Validation> validation(MeshExternalService.Tls tls, String name)
      throws MissingTextException {
    return switch (tls.mode()) {
      case SECURED -> {
        Set<SanMatch> all = new LinkedHashSet<>(names(List.of(StringMatch.exact(name))));
        all.addAll(names(tls.names()));
        yield Optional.of(checked(tls.ca(), List.copyOf(all)));
      }
      case SKIP_SAN -> Optional.of(checked(tls.ca(), List.of()));
      case SKIP_CA, SKIP_ALL -> Optional.empty();
    };
  }

  private Validation checked(Optional<DataSource> ca, List<SanMatch> names)
      throws MissingTextException {
    return new Validation(
        new ValidationSpec(Optional.of(texts.authorities(ca)), names, Map.of()), Optional.empty());
  }

  private List<CertificateSource> own(Optional<DataSource.Pair> given) throws MissingTextException {
    return given.isEmpty() ? List.of() : List.of(texts.certificate(given.get()));
  }

  /** Each as a DNS name, then each as an address, as kuma-cp does. */
  private static List<SanMatch> names(List<StringMatch> values) {
    Set<SanMatch> names = new LinkedHashSet<>();
    for (SanMatch.Type type : List.of(SanMatch.Type.DNS, SanMatch.Type.IP_ADDRESS)) {
      values.forEach(value -> names.add(new SanMatch(type, value)));
    }
    return List.copyOf(names);
  }

  /** An address is no server name (RFC 6066 §3). */
  private static String serverName(String name) {
    boolean address = NetUtil.isValidIpV4Address(name) || NetUtil.isValidIpV6Address(name);
    return address ? "" : name;
  }
}
