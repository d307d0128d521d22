package io.zoneproxy.core.config.kuma;

import io.zoneproxy.core.config.yaml.Durations;
import io.zoneproxy.core.config.yaml.Fields;
import io.zoneproxy.core.config.yaml.Shown;
import io.zoneproxy.core.resource.DataSource;
import io.zoneproxy.core.resource.Mesh;
import io.zoneproxy.core.resource.Mesh.Ca;
import io.zoneproxy.core.resource.Mesh.MeshServicesMode;
import io.zoneproxy.core.resource.Meta;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a {@code Mesh}. */
final class MeshReader implements KindReader {
  private static final List<String> MTLS = List.of("enabledBackend", "backends", "skipValidation");
  private static final List<String> BACKEND =
      List.of("name", "type", "dpCert", "conf", "mode", "rootChain");
  private static final List<String> ROUTING =
      List.of("localityAwareLoadBalancing", "zoneEgress", "defaultForbidMeshExternalServiceAccess");

  private static final Map<String, MeshServicesMode> MODES =
      Map.of(
          "Disabled", MeshServicesMode.DISABLED,
          "Everywhere", MeshServicesMode.EVERYWHERE,
          "ReachableBackends", MeshServicesMode.REACHABLE_BACKENDS,
          "Exclusive", MeshServicesMode.EXCLUSIVE);

  @Override
  public Optional<Mesh> read(Meta meta, Fields spec, ResourceReader.Use use) {
    Optional<Fields> routing = spec.mapping("routing");
    routing.ifPresent(fields -> fields.known(ROUTING));
    return Optional.of(
        new Mesh(
            meta,
            spec.mapping("mtls").map(MeshReader::mtls).orElse(false),
            spec.mapping("meshServices").map(MeshReader::mode).orElse(MeshServicesMode.DISABLED),
            routing.map(fields -> fields.flag("zoneEgress", false)).orElse(false),
            routing.map(fields -> fields.flag("localityAwareLoadBalancing", false)).orElse(false),
            spec.mapping("mtls").flatMap(MeshReader::authority),
            routing
                .map(fields -> fields.flag("defaultForbidMeshExternalServiceAccess", false))
                .orElse(false)));
  }

  private static boolean mtls(Fields mtls) {
    mtls.known(MTLS);
    List<Fields> backends = mtls.mappings("backends");
    backends.forEach(backend -> backend.known(BACKEND));
    List<String> names = backends.stream().map(backend -> backend.text("name")).toList();
    String enabled = mtls.text("enabledBackend");
    if (!enabled.isEmpty() && !names.contains(enabled)) {
      mtls.error(
          "enabledBackend",
          Shown.text(enabled)
              + " (expected: one of mtls.backends, "
              + (names.isEmpty() ? "which has none" : Shown.text(String.join(", ", names)))
              + ")");
    }
    return !enabled.isEmpty();
  }

  private static Optional<Ca> authority(Fields mtls) {
    String enabled = mtls.text("enabledBackend");
    return mtls.mappings("backends").stream()
        .filter(backend -> !enabled.isEmpty() && backend.text("name").equals(enabled))
        .findFirst()
        .map(backend -> authority(enabled, backend));
  }

  private static Ca authority(String name, Fields backend) {
    String type = backend.requiredText("type", "builtin or provided");
    Optional<Duration> lifetime =
        backend
            .mapping("dpCert")
            .flatMap(cert -> cert.mapping("rotation"))
            .flatMap(rotation -> Durations.positive(rotation, "expiration"));
    Optional<DataSource.Pair> provided = Optional.empty();
    if (type.equals(Ca.PROVIDED)) {
      Optional<Fields> conf = backend.requiredMapping("conf");
      Optional<DataSource> cert = conf.flatMap(fields -> DataSources.required(fields, "cert"));
      Optional<DataSource> key = conf.flatMap(fields -> DataSources.required(fields, "key"));
      provided = cert.flatMap(chain -> key.map(own -> new DataSource.Pair(chain, own)));
    }
    return new Ca(name, type, provided, lifetime.orElse(Ca.DEFAULT_LIFETIME));
  }

  private static MeshServicesMode mode(Fields meshServices) {
    meshServices.known(List.of("mode"));
    String mode = meshServices.choice("mode", MODES.keySet().stream().sorted().toList());
    return MODES.getOrDefault(mode, MeshServicesMode.DISABLED);
  }
}
