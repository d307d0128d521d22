package io.zoneproxy.cp.bootstrap;

import java.util.Map;

/**
 * What the control plane has to know of the process and its host.
 *
 * @param readinessPort 1 to 65535; with 0 kuma-cp would never send anything
 * @param workDir where sockets are; with "" the admin interface would be a TCP port
 * @param systemCaPath file of the system's CAs; "" when there is none
 * @param ipv6 whether the host has IPv6
 * @param metricsTls what MeshMetric's own listener shows
 * @param spireSocketPath of SPIRE's agent; "" when there is none
 * @param dynamicMetadata for the node, such as {@code HOST_IP}
 */
public record Environment(
    int readinessPort,
    String workDir,
    String systemCaPath,
    boolean ipv6,
    MetricsTls metricsTls,
    String spireSocketPath,
    Map<String, String> dynamicMetadata) {
  public Environment {
    dynamicMetadata = Map.copyOf(dynamicMetadata);
  }

  /** One without metrics of its own, SPIRE and further metadata. */
  public Environment(int readinessPort, String workDir, String systemCaPath, boolean ipv6) {
    this(readinessPort, workDir, systemCaPath, ipv6, MetricsTls.NONE, "", Map.of());
  }

  /**
   * Files of a certificate and its key.
   *
   * @param certPath "" when there is none
   * @param keyPath "" when there is none
   */
  public record MetricsTls(String certPath, String keyPath) {
    /** No files. */
    public static final MetricsTls NONE = new MetricsTls("", "");
  }
}
