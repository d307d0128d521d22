package io.zoneproxy.cp.bootstrap;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;

/**
 * What a proxy says of itself, as kuma-dp does.
 *
 * @param proxy who it is
 * @param token of the proxy; the control plane only looks whether it is there
 * @param tokenPath the file that it comes from; "" when it comes from elsewhere
 * @param trustedCa PEM that is to verify the ADS; "" leaves it to the control plane
 * @param environment of its process
 * @param features what the proxy can do, in Kuma's words
 * @param version of this program
 */
public record BootstrapRequest(
    ProxyIdentity proxy,
    String token,
    String tokenPath,
    String trustedCa,
    Environment environment,
    List<String> features,
    String version) {
  /**
   * Without it kuma-cp 2.11 to 2.14 names SotW in its answer, and that is tried first; it serves
   * both all the same.
   */
  public static final String DELTA = "feature-delta-grpc";

  /** Delta, shared ports, and the named pipe for access logs to TCP. */
  public static final List<String> FEATURES =
      List.of(DELTA, "feature-reuse-port", "feature-tcp-accesslog-via-named-pipe");

  /** The control plane shows these; it takes a proxy without them for a broken one. */
  private static final String ENVOY_VERSION = "1.38.2";

  /** What this program stands in for; one more than two minor versions away is shown as a fault. */
  private static final String KUMA_DP_VERSION = "2.14.3";

  public BootstrapRequest {
    features = List.copyOf(features);
  }

  String toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("name", proxy.name());
    json.addProperty("mesh", proxy.mesh());
    json.addProperty("proxyType", proxy.type());
    json.addProperty("dataplaneResource", proxy.resource());
    json.addProperty("dataplaneToken", token);
    json.addProperty("dataplaneTokenPath", tokenPath);
    json.addProperty("caCert", trustedCa);
    json.addProperty("operatingSystem", "linux");
    json.add("version", versions());
    json.add("features", featureList());
    json.add("resources", new JsonObject()); // limits of a gateway's heap
    addEnvironment(json);
    return json.toString();
  }

  private void addEnvironment(JsonObject json) {
    json.addProperty("readinessPort", environment.readinessPort());
    json.addProperty("workdir", environment.workDir());
    json.addProperty("systemCaPath", environment.systemCaPath());
    json.addProperty("ipv6Enabled", environment.ipv6());
    JsonObject metadata = new JsonObject();
    environment.dynamicMetadata().forEach(metadata::addProperty);
    json.add("dynamicMetadata", metadata);
    JsonObject metrics = new JsonObject();
    metrics.addProperty("certPath", environment.metricsTls().certPath());
    metrics.addProperty("keyPath", environment.metricsTls().keyPath());
    json.add("metricsResources", metrics);
    if (!environment.spireSocketPath().isEmpty()) { // unknown to kuma-cp before 2.13
      JsonObject spire = new JsonObject();
      spire.addProperty("socketPath", environment.spireSocketPath());
      json.add("spireResources", spire);
    }
  }

  private JsonObject versions() {
    JsonObject own = new JsonObject();
    own.addProperty("version", KUMA_DP_VERSION);
    own.addProperty("gitTag", "zoneproxy-" + version);
    own.addProperty("gitCommit", "");
    own.addProperty("buildDate", "");
    JsonObject envoy = new JsonObject();
    envoy.addProperty("version", ENVOY_VERSION);
    envoy.addProperty("build", "zoneproxy/" + version);
    envoy.addProperty("kumaDpCompatible", true);
    JsonObject versions = new JsonObject();
    versions.add("kumaDp", own);
    versions.add("envoy", envoy);
    return versions;
  }

  private JsonArray featureList() {
    JsonArray all = new JsonArray();
    features.forEach(all::add);
    return all;
  }

  /** Without what is secret. */
  @Override
  public String toString() {
    return "bootstrap of " + proxy;
  }
}
