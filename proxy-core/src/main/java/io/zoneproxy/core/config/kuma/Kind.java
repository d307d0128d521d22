package io.zoneproxy.core.config.kuma;

import io.zoneproxy.core.config.kuma.policy.TreatmentReader;
import io.zoneproxy.core.resource.Policy;
import io.zoneproxy.core.resource.Zone;
import io.zoneproxy.core.resource.policy.NoEffect;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A kind that a zone proxy reads.
 *
 * @param type as Kuma writes it
 * @param scope whether its resources belong to a mesh
 * @param reader reads its spec
 * @param fields those at the top of the spec, of Kuma 2.x and 3.0
 */
record Kind(String type, Scope scope, KindReader reader, List<String> fields) {
  /** Where a resource of a kind belongs. */
  enum Scope {
    /** To a mesh: it has a field {@code mesh}. */
    MESH,
    /** To none. */
    GLOBAL
  }

  private static final Map<String, Kind> READ = new TreeMap<>();

  /** Kinds of Kuma 2.x, 3.0 and Kong Mesh that say nothing to a passthrough proxy. */
  private static final Set<String> IGNORED =
      Set.of(
          "AccessAudit",
          "AccessRole",
          "AccessRoleBinding",
          "Config",
          "DataplaneInsight",
          "DataplaneOverview",
          "GlobalSecret",
          "HostnameGenerator",
          "MeshGateway",
          "MeshGatewayRoute",
          "MeshInsight",
          "MeshMetric",
          "MeshPassthrough",
          "MeshZoneAddress",
          "OPAPolicy",
          "ProxyTemplate",
          "ServiceInsight",
          "ServiceOverview",
          "TrafficRoute",
          "VirtualOutbound",
          "Workload",
          "ZoneEgressInsight",
          "ZoneEgressOverview",
          "ZoneIngressInsight",
          "ZoneIngressOverview",
          "ZoneInsight",
          "ZoneOverview");

  /** A control plane applies these to the external services of a zone's egress. */
  private static final List<String> AT_ZONE_EGRESS = List.of("FaultInjection", "RateLimit");

  /** And these to those of a mesh's own; files do neither, and a role says so. */
  private static final List<String> AT_MESH_EGRESS = List.of("MeshProxyPatch");

  /** Nor does a control plane apply these to any. */
  private static final List<String> NEVER_AN_EFFECT =
      List.of(
          "CircuitBreaker",
          "HealthCheck",
          "MeshGlobalRateLimit",
          "MeshHTTPRoute",
          "MeshOPA",
          "MeshRetry",
          "MeshTCPRoute",
          "MeshTLS",
          "Retry",
          "Timeout",
          "TrafficLog",
          "TrafficTrace");

  /** Fields of a kind whose fields are not looked at. */
  private static final List<String> ANY = List.of();

  static {
    read(
        "Dataplane", Scope.MESH, new DataplaneReader(), "networking", "metrics", "probes", "envoy");
    read(
        "Mesh",
        Scope.GLOBAL,
        new MeshReader(),
        "mtls",
        "tracing",
        "logging",
        "metrics",
        "networking",
        "routing",
        "constraints",
        "skipCreatingInitialPolicies",
        "meshServices");
    read("MeshIdentity", Scope.MESH, IdentityReaders::identity, "selector", "spiffeID", "provider");
    read("MeshTrust", Scope.MESH, IdentityReaders::trust, "origin", "trustDomain", "caBundles");
    read("MeshMultiZoneService", Scope.MESH, ServiceReaders::multiZone, "selector", "ports");
    read(
        "MeshService",
        Scope.MESH,
        ServiceReaders::meshService,
        "state",
        "selector",
        "ports",
        "identities");
    KindReader zone = (meta, spec, use) -> Optional.of(new Zone(meta, spec.flag("enabled", true)));
    read("Zone", Scope.GLOBAL, zone, "enabled");
    read("ExternalService", Scope.MESH, ExternalReaders::external, "tags", "networking");
    read(
        "MeshExternalService",
        Scope.MESH,
        ExternalReaders::meshExternal,
        "match",
        "endpoints",
        "tls",
        "extension");
    read("Secret", Scope.MESH, ExternalReaders::secret, "data");
    read(
        "MeshTrafficPermission", Scope.MESH, PermissionReaders::mesh, "targetRef", "from", "rules");
    read("TrafficPermission", Scope.MESH, PermissionReaders::older, "sources", "destinations");
    KindReader treatment = (meta, spec, use) -> TreatmentReader.read(meta, spec);
    TreatmentReader.types()
        .forEach(
            type ->
                READ.put(
                    type, new Kind(type, Scope.MESH, treatment, TreatmentReader.fields(type))));
    read(
        "MeshOpenTelemetryBackend",
        Scope.MESH,
        CollectorReader::read,
        "endpoint",
        "protocol",
        "env");
    AT_ZONE_EGRESS.forEach(type -> unread(type, new NoEffect(true, false)));
    AT_MESH_EGRESS.forEach(type -> unread(type, new NoEffect(false, true)));
    NEVER_AN_EFFECT.forEach(type -> unread(type, new NoEffect(false, false)));
    read("ZoneEgress", Scope.GLOBAL, ZoneProxyReaders::egress, "zone", "networking");
    read(
        "ZoneIngress",
        Scope.GLOBAL,
        ZoneProxyReaders::ingress,
        "zone",
        "networking",
        "availableServices");
  }

  /** Whether a field of it that is ignored may open a door: let somebody pass, or leave TLS out. */
  boolean isStrict() {
    return type.endsWith("TrafficPermission") || type.endsWith("ExternalService"); // both forms
  }

  /** The kind that is written so; empty for one that is ignored or unknown. */
  static Optional<Kind> of(String type) {
    return Optional.ofNullable(READ.get(type));
  }

  /** Whether Kuma has such a kind and we have no use for it. */
  static boolean isIgnored(String type) {
    return IGNORED.contains(type);
  }

  /** All kinds that Kuma has, in alphabetical order. */
  static Set<String> allTypes() {
    Set<String> types = new TreeSet<>(IGNORED);
    types.addAll(READ.keySet());
    return types;
  }

  boolean isMeshScoped() {
    return scope == Scope.MESH;
  }

  /** Whether its fields are looked at. */
  boolean isRead() {
    return !fields.equals(ANY);
  }

  private static void unread(String type, NoEffect effect) {
    KindReader reader = (meta, spec, use) -> Optional.of(new Policy(meta, effect));
    READ.put(type, new Kind(type, Scope.MESH, reader, ANY));
  }

  private static void read(String type, Scope scope, KindReader reader, String... fields) {
    READ.put(type, new Kind(type, scope, reader, List.of(fields)));
  }
}
