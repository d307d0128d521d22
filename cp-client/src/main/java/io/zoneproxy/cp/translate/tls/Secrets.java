package io.zoneproxy.cp.translate.tls;

import io.envoyproxy.envoy.config.core.v3.ApiConfigSource;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.cp.translate.value.Problems;
import java.util.Optional;

/** Secrets that are sent by themselves: by the control plane, or by the server of a cluster. */
final class Secrets {
  private Secrets() {}

  static Optional<SecretName> name(SdsSecretConfig from, Problems problems) {
    if (from.getName().isEmpty()) {
      problems.at("name").add("empty", "the name of a secret");
      return Optional.empty();
    }
    Problems at = problems.at("sds_config");
    return switch (from.getSdsConfig().getConfigSourceSpecifierCase()) {
      case ADS -> Optional.of(SecretName.of(from.getName()));
      case API_CONFIG_SOURCE ->
          cluster(from.getSdsConfig().getApiConfigSource(), at.at("api_config_source"))
              .map(cluster -> new SecretName(from.getName(), cluster));
      default -> {
        at.add(from.getSdsConfig().getConfigSourceSpecifierCase(), "ads or api_config_source");
        yield Optional.empty();
      }
    };
  }

  private static Optional<String> cluster(ApiConfigSource from, Problems problems) {
    if (from.getApiType() != ApiConfigSource.ApiType.GRPC) {
      problems.at("api_type").add(from.getApiType(), "GRPC");
      return Optional.empty();
    }
    if (from.getGrpcServicesCount() != 1) {
      problems.at("grpc_services").add(from.getGrpcServicesCount() + " services", "one");
      return Optional.empty();
    }
    String cluster = from.getGrpcServices(0).getEnvoyGrpc().getClusterName();
    if (cluster.isEmpty()) {
      problems
          .at("grpc_services", 0)
          .add(from.getGrpcServices(0).getTargetSpecifierCase(), "envoy_grpc with a cluster_name");
      return Optional.empty();
    }
    return Optional.of(cluster);
  }
}
