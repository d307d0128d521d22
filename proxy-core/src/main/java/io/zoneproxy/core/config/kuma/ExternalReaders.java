package io.zoneproxy.core.config.kuma;

import io.zoneproxy.core.config.yaml.Fields;
import io.zoneproxy.core.config.yaml.Nearest;
import io.zoneproxy.core.config.yaml.Shown;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.model.tls.TlsVersions;
import io.zoneproxy.core.model.tls.TlsVersions.Version;
import io.zoneproxy.core.resource.ExternalService;
import io.zoneproxy.core.resource.MeshExternalService;
import io.zoneproxy.core.resource.MeshExternalService.Endpoint;
import io.zoneproxy.core.resource.MeshExternalService.Mode;
import io.zoneproxy.core.resource.Meta;
import io.zoneproxy.core.resource.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads {@code ExternalService}, {@code MeshExternalService} and {@code Secret}. */
final class ExternalReaders {
  private static final List<String> TLS =
      List.of(
          "enabled",
          "serverName",
          "caCert",
          "clientCert",
          "clientKey",
          "allowRenegotiation",
          "skipHostnameVerification");
  private static final List<String> MESH_TLS =
      List.of("enabled", "version", "allowRenegotiation", "verification");
  private static final List<String> VERIFICATION =
      List.of("mode", "serverName", "subjectAltNames", "caCert", "clientCert", "clientKey");

  private static final String SERVICE_TAG = "kuma.io/service";

  /** Kuma's when none is written. */
  private static final String TCP = "tcp";

  private static final String PROTOCOL_TAG = "kuma.io/protocol";

  /** Those that Kuma has for tags, in whichever case. */
  private static final List<String> TAG_PROTOCOLS =
      List.of(TCP, "tls", "http", "http2", "grpc", "kafka");

  private static final List<String> PROTOCOLS = List.of(TCP, "tls", "http", "http2", "grpc");

  /** Envoy's limit for priorities. */
  private static final int MOST_PRIORITY = 128;

  private static final Map<String, Mode> MODES =
      Map.of(
          "Secured", Mode.SECURED,
          "SkipSAN", Mode.SKIP_SAN,
          "SkipCA", Mode.SKIP_CA,
          "SkipAll", Mode.SKIP_ALL);

  private static final Map<String, Optional<Version>> VERSIONS =
      Map.of(
          "TLSAuto", Optional.empty(),
          "TLS10", Optional.of(Version.TLS_1_0),
          "TLS11", Optional.of(Version.TLS_1_1),
          "TLS12", Optional.of(Version.TLS_1_2),
          "TLS13", Optional.of(Version.TLS_1_3));

  private ExternalReaders() {}

  static Optional<ExternalService> external(Meta meta, Fields spec, ResourceReader.Use use) {
    Map<String, String> tags = Tags.read(spec, "tags");
    if (!tags.containsKey(SERVICE_TAG)) {
      spec.error("tags", "no " + SERVICE_TAG + " (expected: the name of the service)");
    }
    checkProtocol(tags, spec);
    Optional<Fields> networking = spec.requiredMapping("networking");
    if (networking.isEmpty()) {
      return Optional.empty();
    }
    Fields fields = networking.get();
    // A misspelt tls would be none, and a service dialed in the clear.
    fields.only(List.of("address", "tls", "disableHostDNSEntry"));
    Optional<ExternalService.Tls> tls = fields.mapping("tls").flatMap(ExternalReaders::tls);
    return address(fields).map(address -> new ExternalService(meta, tags, address, tls));
  }

  /** Kuma refuses others, and would be right to: what is meant is seldom bytes. */
  private static void checkProtocol(Map<String, String> tags, Fields spec) {
    String protocol = tags.getOrDefault(PROTOCOL_TAG, TCP);
    if (!TAG_PROTOCOLS.contains(protocol.toLowerCase(Locale.ROOT))) {
      spec.error(
          "tags",
          "%s: %s (expected: %s%s)"
              .formatted(
                  PROTOCOL_TAG,
                  Shown.text(protocol),
                  String.join(", ", TAG_PROTOCOLS),
                  Nearest.hint(protocol, TAG_PROTOCOLS)));
    }
  }

  /** Host and port in one; an IPv6 literal stands in brackets. */
  private static Optional<HostPort> address(Fields fields) {
    String text = fields.requiredText("address", "host:port");
    int colon = text.lastIndexOf(':');
    if (colon < 1) {
      if (!text.isEmpty()) {
        fields.error("address", Shown.text(text) + " (expected: host:port)");
      }
      return Optional.empty();
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    String checked = Addresses.checked(fields, "address", host);
    Optional<Integer> port = Ports.of(text.substring(colon + 1));
    if (port.isEmpty()) {
      fields.error("address", Shown.text(text) + " (expected: a port of 1 to 65535 at its end)");
    }
    return port.flatMap(number -> Addresses.hostPort(checked, number));
  }

  private static Optional<ExternalService.Tls> tls(Fields fields) {
    fields.only(TLS);
    ExternalService.Tls tls =
        new ExternalService.Tls(
            fields.text("serverName"),
            DataSources.read(fields, "caCert"),
            DataSources.pair(fields, "clientCert", "clientKey"),
            fields.flag("allowRenegotiation", false),
            fields.flag("skipHostnameVerification", false));
    return fields.flag("enabled", false) ? Optional.of(tls) : Optional.empty();
  }

  static Optional<MeshExternalService> meshExternal(
      Meta meta, Fields spec, ResourceReader.Use use) {
    List<Endpoint> endpoints = endpoints(spec);
    Optional<MeshExternalService.Tls> tls = spec.mapping("tls").flatMap(ExternalReaders::meshTls);
    if (spec.has("extension")) {
      spec.warning("extension", "not supported, ignored (expected: endpoints)");
    }
    Optional<Fields> match = spec.requiredMapping("match");
    if (match.isEmpty()) {
      return Optional.empty();
    }
    match.get().known(List.of("type", "port", "protocol"));
    match.get().choice("type", List.of("HostnameGenerator"));
    String protocol = match.get().choice("protocol", PROTOCOLS);
    return Optional.of(
        new MeshExternalService(
            meta, match.get().port("port"), protocol.isEmpty() ? TCP : protocol, endpoints, tls));
  }

  private static List<Endpoint> endpoints(Fields spec) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (Fields each : spec.mappings("endpoints")) {
      each.known(List.of("address", "port", "priority"));
      int port = each.port("port");
      int priority = each.number("priority", 0, MOST_PRIORITY, 0);
      Addresses.hostPort(Addresses.required(each, "address"), port)
          .ifPresent(address -> endpoints.add(new Endpoint(address, priority)));
    }
    return endpoints;
  }

  private static Optional<MeshExternalService.Tls> meshTls(Fields fields) {
    fields.only(MESH_TLS);
    TlsVersions versions =
        fields.mapping("version").map(ExternalReaders::versions).orElse(TlsVersions.DEFAULT);
    boolean renegotiation = fields.flag("allowRenegotiation", false);
    MeshExternalService.Tls tls =
        fields
            .mapping("verification")
            .map(verification -> verified(versions, renegotiation, verification))
            .orElse(
                new MeshExternalService.Tls(
                    versions,
                    renegotiation,
                    Mode.SECURED,
                    "",
                    List.of(),
                    Optional.empty(),
                    Optional.empty()));
    return fields.flag("enabled", false) ? Optional.of(tls) : Optional.empty();
  }

  private static MeshExternalService.Tls verified(
      TlsVersions versions, boolean renegotiation, Fields fields) {
    fields.only(VERIFICATION);
    String mode = fields.choice("mode", MODES.keySet().stream().sorted().toList());
    return new MeshExternalService.Tls(
        versions,
        renegotiation,
        MODES.getOrDefault(mode, Mode.SECURED),
        fields.text("serverName"),
        names(fields),
        DataSources.read(fields, "caCert"),
        DataSources.pair(fields, "clientCert", "clientKey"));
  }

  private static List<StringMatch> names(Fields fields) {
    List<StringMatch> names = new ArrayList<>();
    for (Fields each : fields.mappings("subjectAltNames")) {
      each.only(List.of("type", "value"));
      String type = each.choice("type", List.of("Exact", "Prefix"));
      String value = each.requiredText("value", "a name");
      names.add(type.equals("Prefix") ? StringMatch.prefix(value) : StringMatch.exact(value));
    }
    return names;
  }

  private static TlsVersions versions(Fields fields) {
    fields.only(List.of("min", "max"));
    Optional<Version> least = version(fields, "min");
    Optional<Version> most = version(fields, "max");
    if (least.isPresent() && most.isPresent() && least.get().compareTo(most.get()) > 0) {
      fields.error("min", least.get() + " (expected: not above max, " + most.get() + ")");
    }
    return new TlsVersions(least, most);
  }

  private static Optional<Version> version(Fields fields, String name) {
    String text = fields.choice(name, VERSIONS.keySet().stream().sorted().toList());
    return VERSIONS.getOrDefault(text, Optional.empty());
  }

  static Optional<Secret> secret(Meta meta, Fields spec, ResourceReader.Use use) {
    String data = spec.requiredText("data", "Base64");
    return DataSources.decoded(spec, "data", data).map(text -> new Secret(meta, text));
  }
}
