package io.zoneproxy.cp.bootstrap;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.List;

/**
 * What a proxy says of itself, as kuma-dp does.
 *
 * @param name of the proxy; never empty
 * @param mesh "" for zone ingresses and egresses
 * @param proxyType {@code dataplane}, {@code ingress} or {@code egress}
 * @param resource the own resource, YAML or JSON; "" when the control plane has it already
 * @param token of the proxy; the control plane only looks whether it is there
 * @param tokenPath the file that it comes from; "" when it comes from elsewhere
 * @param trustedCa PEM that is to verify the ADS; "" leaves it to the control plane
 * @param readinessPort 1 to 65535; with 0 kuma-cp would never send anything
 * @param workDir where sockets are; with "" the admin interface would be a TCP port
 * @param systemCaPath file of the system's CAs; "" when there is none
 * @param ipv6 whether the host has IPv6
 * @param features what the proxy can do, in Kuma's words
 * @param version of this program
 */
public record BootstrapRequest(
    String name,
    String mesh,
    String proxyType,
    String resource,
    String token,
    String tokenPath,
    String trustedCa,
    int readinessPort,
    Path workDir,
    String systemCaPath,
    boolean ipv6,
    List<String> features,
    String version) {
  /** Delta, and no named pipes or sockets of kuma-dp's own components. */
  public static final List<String> FEATURES = List.of("feature-delta-grpc", "feature-reuse-port");

  /** The control plane shows these; it takes a proxy without them for a broken one. */
  private static final String ENVOY_VERSION = "1.38.2";

  public BootstrapRequest {
    features = List.copyOf(features);
  }

  String toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("name", name);
    json.addProperty("mesh", mesh);
    json.addProperty("proxyType", proxyType);
    json.addProperty("dataplaneResource", resource);
    json.addProperty("dataplaneToken", token);
    json.addProperty("dataplaneTokenPath", tokenPath);
    json.addProperty("caCert", trustedCa);
    json.addProperty("readinessPort", readinessPort);
    json.addProperty("workdir", workDir.toString());
    json.addProperty("systemCaPath", systemCaPath);
    json.addProperty("ipv6Enabled", ipv6);
    json.addProperty("operatingSystem", "linux");
    json.add("version", versions());
    json.add("features", featureList());
    json.add("dynamicMetadata", new JsonObject());
    json.add("resources", new JsonObject());
    json.add("metricsResources", new JsonObject());
    return json.toString();
  }

  private JsonObject versions() {
    JsonObject own = new JsonObject();
    own.addProperty("version", version);
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
    return "bootstrap of " + proxyType + " " + (mesh.isEmpty() ? name : mesh + "." + name);
  }
}
