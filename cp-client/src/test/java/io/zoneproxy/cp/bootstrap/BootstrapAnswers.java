package io.zoneproxy.cp.bootstrap;

import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Answers to the bootstrap call, as kuma-cp shapes them. */
final class BootstrapAnswers {
  static final String CA = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

  private BootstrapAnswers() {}

  /** The YAML of a zone egress, whose token stands in it. */
  static String withCluster(String cluster, String host, int port) {
    return """
    admin:
      address: {pipe: {mode: 384, path: /tmp/zp/kuma-envoy-admin.sock}}
    dynamicResources:
      adsConfig:
        apiType: DELTA_GRPC
        grpcServices:
        - envoyGrpc: {clusterName: %s}
          initialMetadata:
          - {key: authorization, value: TOKEN}
    hdsConfig:
      grpcServices:
      - envoyGrpc: {clusterName: ads_cluster}
        initialMetadata:
        - {key: authorization, value: TOKEN}
    node:
      id: .egress-1
      cluster: egress
      metadata:
        dataplane.admin.port: "9901"
        features: [feature-delta-grpc]
        ipv6Enabled: false
        version: {kumaDp: {version: 2.14.3}}
    staticResources:
      clusters:
      - name: access_log_sink
      - name: %s
        type: STRICT_DNS
        loadAssignment:
          endpoints:
          - lbEndpoints:
            - endpoint: {address: {socketAddress: {address: "%s", portValue: %d}}}
      secrets:
      - name: cp_validation_ctx
        validationContext: {trustedCa: {inlineBytes: %s}}
    """
        .formatted(cluster, cluster, host, port, base64(CA));
  }

  /** With tokens that are read anew. */
  static String withUri(String uri) {
    return """
    admin: {address: {socketAddress: {address: 127.0.0.1, portValue: 9901}}}
    dynamicResources:
      adsConfig:
        grpcServices:
        - googleGrpc:
            targetUri: "%s"
            channelCredentials: {sslCredentials: {rootCerts: {inlineBytes: %s}}}
    node: {id: .egress-1, cluster: egress}
    """
        .formatted(uri, base64(CA));
  }

  /** The body around it. */
  static String body(String yaml) {
    JsonObject body = new JsonObject();
    body.addProperty("bootstrap", base64(yaml));
    return body.toString();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
