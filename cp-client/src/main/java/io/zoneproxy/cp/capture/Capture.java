package io.zoneproxy.cp.capture;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.zoneproxy.cp.fields.KnownTypes;
import io.zoneproxy.cp.resource.ResourceType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Resources in proto-JSON: {@code resources.{clusters,endpoints,listeners,secrets}}, or an Envoy's
 * {@code /config_dump}. One that cannot be read is told by its name, and the others are there.
 */
public final class Capture {
  private static final String UNNAMED = "(no name)";

  private static final Map<ResourceType, Message> DEFAULTS =
      Map.of(
          ResourceType.CLUSTER,
          Cluster.getDefaultInstance(),
          ResourceType.ENDPOINT,
          ClusterLoadAssignment.getDefaultInstance(),
          ResourceType.LISTENER,
          Listener.getDefaultInstance(),
          ResourceType.SECRET,
          Secret.getDefaultInstance());

  private static final Map<ResourceType, String> SECTIONS =
      Map.of(
          ResourceType.CLUSTER,
          "clusters",
          ResourceType.ENDPOINT,
          "endpoints",
          ResourceType.LISTENER,
          "listeners",
          ResourceType.SECRET,
          "secrets");

  /** Fields of a dump under which resources stand, wherever they are in it. */
  private static final Map<String, ResourceType> DUMPED =
      Map.of(
          "cluster",
          ResourceType.CLUSTER,
          "endpointConfig",
          ResourceType.ENDPOINT,
          "endpoint_config",
          ResourceType.ENDPOINT,
          "listener",
          ResourceType.LISTENER,
          "secret",
          ResourceType.SECRET);

  private final Map<ResourceType, List<Message>> messages = new EnumMap<>(ResourceType.class);
  private final List<String> problems = new ArrayList<>();
  private final JsonFormat.Parser parser;

  private Capture(KnownTypes types) {
    parser = types.jsonParser();
    for (ResourceType type : ResourceType.values()) {
      messages.put(type, new ArrayList<>());
    }
  }

  /**
   * Reads a text.
   *
   * @throws IllegalArgumentException when it is no JSON, or neither of the two forms
   */
  public static Capture read(String text, KnownTypes types) {
    JsonElement root;
    try {
      root = new Gson().fromJson(text, JsonElement.class);
    } catch (JsonParseException e) {
      throw new IllegalArgumentException("no JSON: " + e.getMessage(), e);
    }
    Capture capture = new Capture(types);
    if (root != null && root.isJsonObject() && root.getAsJsonObject().has("resources")) {
      capture.sections(root.getAsJsonObject().getAsJsonObject("resources"));
    } else if (root != null && root.isJsonObject() && root.getAsJsonObject().has("configs")) {
      capture.dump(root.getAsJsonObject().get("configs"));
    } else {
      throw new IllegalArgumentException(
          "neither \"resources\" nor \"configs\" in it (expected: a capture, or a /config_dump)");
    }
    return capture;
  }

  private void sections(JsonObject resources) {
    SECTIONS.forEach(
        (type, section) -> {
          if (resources.has(section)) {
            resources.getAsJsonArray(section).forEach(each -> add(type, each));
          }
        });
  }

  private void dump(JsonElement at) {
    if (at.isJsonArray()) {
      at.getAsJsonArray().forEach(this::dump);
    } else if (at.isJsonObject()) {
      for (Map.Entry<String, JsonElement> each : at.getAsJsonObject().entrySet()) {
        ResourceType type = DUMPED.get(each.getKey());
        if (type != null && each.getValue().isJsonObject()) {
          JsonObject resource = each.getValue().getAsJsonObject().deepCopy();
          resource.remove("@type");
          add(type, resource);
        } else {
          dump(each.getValue());
        }
      }
    }
  }

  private void add(ResourceType type, JsonElement resource) {
    Message.Builder builder = message(type).newBuilderForType();
    try {
      parser.merge(resource.toString(), builder);
      list(type).add(builder.build());
    } catch (InvalidProtocolBufferException e) {
      problems.add(
          "%s/%s: %s (expected: proto-JSON of types that are supported here)"
              .formatted(type.label(), name(resource), e.getMessage()));
    }
  }

  private static String name(JsonElement resource) {
    if (!resource.isJsonObject()) {
      return UNNAMED;
    }
    for (String field : List.of("name", "clusterName", "cluster_name")) {
      JsonElement name = resource.getAsJsonObject().get(field);
      if (name != null && name.isJsonPrimitive()) {
        return name.getAsString();
      }
    }
    return UNNAMED;
  }

  private static Message message(ResourceType type) {
    return DEFAULTS.getOrDefault(type, Cluster.getDefaultInstance());
  }

  private List<Message> list(ResourceType type) {
    return messages.computeIfAbsent(type, any -> new ArrayList<>());
  }

  /** Those of one type that could be read, in the order of the file. */
  public List<Message> messages(ResourceType type) {
    return List.copyOf(list(type));
  }

  /** Those that could not be read, a line each. */
  public List<String> problems() {
    return List.copyOf(problems);
  }
}
