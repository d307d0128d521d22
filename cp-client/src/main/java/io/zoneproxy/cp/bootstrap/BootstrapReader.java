package io.zoneproxy.cp.bootstrap;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.cp.ads.Protocol;
import io.zoneproxy.cp.ads.Target;
import io.zoneproxy.cp.bootstrap.Bootstrap.Admin;
import io.zoneproxy.cp.bootstrap.BootstrapException.Retry;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** Finds in Envoy's bootstrap what matters here, in each of kuma-cp's forms. */
final class BootstrapReader {
  private static final String[] ADS = {"dynamicResources", "adsConfig"};
  private static final String[] SERVICE = {"dynamicResources", "adsConfig", "grpcServices", "0"};
  private static final String[] SSL_CA = {
    "googleGrpc", "channelCredentials", "sslCredentials", "rootCerts", "inlineBytes"
  };
  private static final String[] ADDRESS = {
    "loadAssignment", "endpoints", "0", "lbEndpoints", "0", "endpoint", "address", "socketAddress"
  };
  private static final String DELTA = "DELTA_GRPC";
  private final JsonObject root;

  BootstrapReader(JsonObject root) {
    this.root = root;
  }

  /** Without the cause's own words: parsers quote what they have read, and a token stands there. */
  static BootstrapException unreadable(Exception cause) {
    return new BootstrapException(
        "the bootstrap is not readable: "
            + cause.getClass().getSimpleName()
            + place(cause)
            + " (expected: that of a kuma-cp from 2.9 on)",
        Retry.NEVER);
  }

  private static String place(Exception cause) {
    return cause instanceof MarkedYamlEngineException marked
        ? marked
            .getProblemMark()
            .map(at -> " at line %d, column %d".formatted(at.getLine() + 1, at.getColumn() + 1))
            .orElse("")
        : "";
  }

  private static BootstrapException missing(String what) {
    return new BootstrapException(
        "the bootstrap has no " + what + " (expected: that of a kuma-cp from 2.9 on)", Retry.NEVER);
  }

  Node node() throws BootstrapException {
    Node.Builder read = Node.newBuilder();
    try {
      JsonElement node = Json.at(root, "node");
      JsonFormat.parser().ignoringUnknownFields().merge(String.valueOf(node), read);
    } catch (InvalidProtocolBufferException e) {
      throw unreadable(e);
    }
    if (read.getId().isEmpty()) {
      throw missing("node.id");
    }
    return read.build();
  }

  Admin admin() {
    String[] socket = {"admin", "address", "socketAddress"};
    JsonElement tcp = Json.at(root, socket);
    return tcp == null
        ? new Admin(Json.text(root, "admin", "address", "pipe", "path"), "", 0)
        : new Admin("", Json.text(tcp, "address"), Integer.parseInt(Json.text(tcp, "portValue")));
  }

  /**
   * What the answer names comes first: who is asked for delta and names another is older than 2.11.
   * Who was not asked, because an operator wants SotW, names delta from 3.0 on, where SotW is gone.
   */
  List<Protocol> protocols() {
    JsonElement ads = Json.at(root, ADS);
    boolean delta = ads != null && Json.text(ads, "apiType").equals(DELTA);
    return delta ? List.of(Protocol.DELTA, Protocol.SOTW) : List.of(Protocol.SOTW, Protocol.DELTA);
  }

  Target target() throws BootstrapException {
    JsonElement service = Json.at(root, SERVICE);
    if (service == null) {
      throw missing("ADS");
    }
    String uri = Json.text(service, "googleGrpc", "targetUri");
    if (!uri.isEmpty()) { // tokens that are read anew: no cluster is there
      int colon = uri.lastIndexOf(':');
      return target(uri.substring(0, colon), uri.substring(colon + 1), ca(service, SSL_CA));
    }
    JsonElement address = clusterAddress(Json.text(service, "envoyGrpc", "clusterName"));
    if (address == null) {
      throw missing("address of the ADS");
    }
    return target(Json.text(address, "address"), Json.text(address, "portValue"), clusterCa());
  }

  private static Target target(String host, String port, String ca) throws BootstrapException {
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    int number = Integer.parseInt(port);
    if (bare.isEmpty() || number < 1 || number > HostPort.MAX_PORT) {
      throw missing("usable address of the ADS: %s:%s".formatted(host, port));
    }
    if (ca.isEmpty()) {
      throw missing("CA for the ADS");
    }
    return new Target(bare, number, ca);
  }

  private @Nullable JsonElement clusterAddress(String name) {
    JsonElement clusters = Json.at(root, "staticResources", "clusters");
    if (clusters == null) {
      return null;
    }
    for (JsonElement cluster : clusters.getAsJsonArray()) {
      if (Json.text(cluster, "name").equals(name)) {
        return Json.at(cluster, ADDRESS);
      }
    }
    return null;
  }

  private String clusterCa() {
    JsonElement secrets = Json.at(root, "staticResources", "secrets");
    if (secrets == null) {
      return "";
    }
    for (JsonElement secret : secrets.getAsJsonArray()) {
      String found = ca(secret, "validationContext", "trustedCa", "inlineBytes");
      if (!found.isEmpty()) {
        return found;
      }
    }
    return "";
  }

  private static String ca(JsonElement in, String... path) {
    return new String(Base64.getDecoder().decode(Json.text(in, path)), StandardCharsets.US_ASCII);
  }
}
