package io.zoneproxy.cp.bootstrap;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.zoneproxy.cp.ads.Protocol;
import io.zoneproxy.cp.ads.Target;
import io.zoneproxy.cp.dump.BootstrapText;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * What the control plane told Envoy to begin with, as far as it matters here.
 *
 * @param ads where the stream is to be opened
 * @param node who we are
 * @param admin where the admin interface is to listen
 * @param protocols of the ADS, in the order in which they are to be tried
 * @param text the whole as proto-JSON, without the token
 */
public record Bootstrap(
    Target ads, Node node, Admin admin, List<Protocol> protocols, JsonObject text) {
  private static final String RESOURCE = "dataplane.resource"; // a key of the node's metadata

  public Bootstrap {
    protocols = List.copyOf(protocols);
  }

  /**
   * Where the admin interface is to listen: a socket file, or a TCP port.
   *
   * @param path "" for TCP
   * @param host "" for a socket file
   * @param port 0 for a socket file
   */
  public record Admin(String path, String host, int port) {}

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
      throw BootstrapReader.unreadable(e);
    }
  }

  /**
   * Reads the proto-JSON.
   *
   * @throws BootstrapException when something needed is not there
   */
  static Bootstrap of(JsonObject root) throws BootstrapException {
    BootstrapReader reader = new BootstrapReader(root);
    return new Bootstrap(
        reader.target(),
        reader.node(),
        reader.admin(),
        reader.protocols(),
        BootstrapText.withoutTokens(root));
  }

  /**
   * The node with another resource: a zone ingress registers again with the services that it had,
   * for the control plane would else tell the other zones that it has none.
   *
   * @param resource JSON or YAML; for a proxy that has registered one, else it stays without
   */
  public Node nodeWith(String resource) {
    if (!node.getMetadata().containsFields(RESOURCE)) {
      return node;
    }
    Node.Builder changed = node.toBuilder();
    changed
        .getMetadataBuilder()
        .putAllFields(Map.of(RESOURCE, Value.newBuilder().setStringValue(resource).build()));
    return changed.build();
  }

  /** The resource that it registers; "" when the control plane has it already. */
  public String resource() {
    return node.getMetadata()
        .getFieldsOrDefault(RESOURCE, Value.getDefaultInstance())
        .getStringValue();
  }

  /** For messages. */
  @Override
  public String toString() {
    return "bootstrap of %s: ads=%s %s admin=%s"
        .formatted(node.getId(), ads, protocols.get(0), admin);
  }
}
