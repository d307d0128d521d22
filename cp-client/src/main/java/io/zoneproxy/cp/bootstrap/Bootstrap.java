package io.zoneproxy.cp.bootstrap;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.zoneproxy.cp.ads.Target;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * What the control plane told Envoy to begin with, as far as it matters here.
 *
 * @param ads where the stream is to be opened
 * @param node who we are
 * @param adminPath the socket of the admin interface; "" when it is a TCP port of the own resource
 * @param text the whole as proto-JSON, with the token in it: not to be shown as it is
 */
public record Bootstrap(Target ads, Node node, String adminPath, JsonObject text) {
  private static final String[] GRPC = {"dynamicResources", "adsConfig", "grpcServices", "0"};

  /**
   * Reads the answer of the call.
   *
   * @param json its body
   * @throws BootstrapException when something needed is not there
   */
  static Bootstrap read(String json) throws BootstrapException {
    try {
      JsonObject answer = new Gson().fromJson(json, JsonObject.class);
      String yaml =
          new String(
              Base64.getDecoder().decode(Json.text(answer, "bootstrap")), StandardCharsets.UTF_8);
      Object tree = new Load(LoadSettings.builder().build()).loadFromString(yaml);
      return of(new Gson().toJsonTree(tree).getAsJsonObject());
    } catch (RuntimeException e) {
      throw unreadable(e);
    }
  }

  private static BootstrapException unreadable(Exception cause) {
    return new BootstrapException(
        "the bootstrap is not readable: "
            + cause.getMessage()
            + " (expected: that of a kuma-cp from 2.9 on)",
        false);
  }

  private static Bootstrap of(JsonObject root) throws BootstrapException {
    return new Bootstrap(
        target(root), node(root), Json.text(root, "admin", "address", "pipe", "path"), root);
  }

  private static Node node(JsonObject root) throws BootstrapException {
    JsonElement node = Json.at(root, "node");
    Node.Builder read = Node.newBuilder();
    try {
      JsonFormat.parser().ignoringUnknownFields().merge(String.valueOf(node), read);
    } catch (InvalidProtocolBufferException e) {
      throw unreadable(e);
    }
    if (read.getId().isEmpty()) {
      throw new BootstrapException("the bootstrap has no node.id (expected: one)", false);
    }
    return read.build();
  }

  private static Target target(JsonObject root) throws BootstrapException {
    JsonElement service = Json.at(root, GRPC);
    JsonElement address = null;
    String ca = "";
    if (service != null) {
      String uri = Json.text(service, "googleGrpc", "targetUri");
      if (!uri.isEmpty()) { // tokens that are read anew: no cluster is there
        return ofUri(
            uri,
            decoded(
                Json.text(
                    service,
                    "googleGrpc",
                    "channelCredentials",
                    "sslCredentials",
                    "rootCerts",
                    "inlineBytes")));
      }
      address = clusterAddress(root, Json.text(service, "envoyGrpc", "clusterName"));
      ca = decoded(trustedCa(root));
    }
    if (address == null) {
      throw new BootstrapException("the bootstrap names no ADS (expected: adsConfig)", false);
    }
    return new Target(
        Json.text(address, "address"), Integer.parseInt(Json.text(address, "portValue")), ca);
  }

  private static Target ofUri(String uri, String ca) {
    int colon = uri.lastIndexOf(':');
    String host = uri.substring(0, colon);
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return new Target(bare, Integer.parseInt(uri.substring(colon + 1)), ca);
  }

  private static @Nullable JsonElement clusterAddress(JsonObject root, String name) {
    JsonElement clusters = Json.at(root, "staticResources", "clusters");
    if (clusters == null) {
      return null;
    }
    for (JsonElement cluster : clusters.getAsJsonArray()) {
      if (Json.text(cluster, "name").equals(name)) {
        return Json.at(
            cluster,
            "loadAssignment",
            "endpoints",
            "0",
            "lbEndpoints",
            "0",
            "endpoint",
            "address",
            "socketAddress");
      }
    }
    return null;
  }

  private static String trustedCa(JsonObject root) {
    return Json.text(
        root, "staticResources", "secrets", "0", "validationContext", "trustedCa", "inlineBytes");
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII);
  }
}
