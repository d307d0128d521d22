package io.zoneproxy.core.config.kuma;

import io.zoneproxy.core.resource.MeshIdentity;
import io.zoneproxy.core.resource.Zone;
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
          "CircuitBreaker",
          "Config",
          "DataplaneInsight",
          "DataplaneOverview",
          "ExternalService",
          "FaultInjection",
          "GlobalSecret",
          "HealthCheck",
          "HostnameGenerator",
          "MeshAccessLog",
          "MeshCircuitBreaker",
          "MeshExternalService",
          "MeshFaultInjection",
          "MeshGateway",
          "MeshGatewayRoute",
          "MeshGlobalRateLimit",
          "MeshHTTPRoute",
          "MeshHealthCheck",
          "MeshInsight",
          "MeshLoadBalancingStrategy",
          "MeshMetric",
          "MeshOPA",
          "MeshOpenTelemetryBackend",
          "MeshPassthrough",
          "MeshProxyPatch",
          "MeshRateLimit",
          "MeshRetry",
          "MeshTCPRoute",
          "MeshTLS",
          "MeshTimeout",
          "MeshTrace",
          "MeshTrafficPermission",
          "MeshTrust",
          "MeshZoneAddress",
          "OPAPolicy",
          "ProxyTemplate",
          "RateLimit",
          "Retry",
          "Secret",
          "ServiceInsight",
          "ServiceOverview",
          "Timeout",
          "TrafficLog",
          "TrafficPermission",
          "TrafficRoute",
          "TrafficTrace",
          "VirtualOutbound",
          "Workload",
          "ZoneEgressInsight",
          "ZoneEgressOverview",
          "ZoneIngressInsight",
          "ZoneIngressOverview",
          "ZoneInsight",
          "ZoneOverview");

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
    KindReader identity = (meta, spec, use) -> Optional.of(new MeshIdentity(meta));
    read("MeshIdentity", Scope.MESH, identity, "selector", "spiffeID", "provider");
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
    read("ZoneEgress", Scope.GLOBAL, ZoneProxyReaders::egress, "zone", "networking");
    read(
        "ZoneIngress",
        Scope.GLOBAL,
        ZoneProxyReaders::ingress,
        "zone",
        "networking",
        "availableServices");
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

  private static void read(String type, Scope scope, KindReader reader, String... fields) {
    READ.put(type, new Kind(type, scope, reader, List.of(fields)));
  }
}
