package io.zoneproxy.ingress.controlplane;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a control plane is told of the process and its machine.
 *
 * @param readinessPort 1 to 65535, and no admin port
 * @param workDir absolute; it exists
 * @param systemCaPath file of the system's CAs; empty when none is known
 * @param ipv6Enabled whether listeners on IPv6 are of use
 * @param metricsCert for metrics over TLS; given together with the key
 * @param metricsKey its private key
 * @param dynamicMetadata copied into the node's metadata; empty when there is none
 */
public record ProxyHost(
    int readinessPort,
    Path workDir,
    Optional<Path> systemCaPath,
    boolean ipv6Enabled,
    Optional<Path> metricsCert,
    Optional<Path> metricsKey,
    Map<String, String> dynamicMetadata) {
  public ProxyHost {
    dynamicMetadata = Map.copyOf(dynamicMetadata);
  }
}
