package io.zoneproxy.cp.capture;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.zoneproxy.cp.fields.KnownTypes;
import io.zoneproxy.cp.resource.RawResource;
import io.zoneproxy.cp.resource.ResourceType;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Resources in proto-JSON: {@code resources.{clusters,endpoints,listeners,secrets}}, or an Envoy's
 * {@code /config_dump}. One that cannot be read is told by its name, and the others are there.
 * Immutable once it is read.
 */
public final class Capture {
  /** 100,000 routes make some 110 MB; in memory it is up to four times as much. */
  private static final long MOST_BYTES = 128L << 20;

  /** Entries that are no resources: enough to see what kind of file it is. */
  private static final int MOST_ODD = 20;

  private static final String UNNAMED = "(no name)";
  private static final String NO_VERSION = "";

  private static final Map<String, ResourceType> SECTIONS = new LinkedHashMap<>();

  static {
    SECTIONS.put("clusters", ResourceType.CLUSTER);
    SECTIONS.put("endpoints", ResourceType.ENDPOINT);
    SECTIONS.put("listeners", ResourceType.LISTENER);
    SECTIONS.put("secrets", ResourceType.SECRET);
  }

  private final Map<ResourceType, Map<String, Message>> messages =
      new EnumMap<>(ResourceType.class);
  private final List<RawResource> resources = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private int odd; // entries that are no resources
  private final JsonFormat.Parser parser;
  private final KnownTypes types;

  private Capture(KnownTypes types) {
    this.types = types;
    parser = types.jsonParser();
    for (ResourceType type : ResourceType.values()) {
      messages.put(type, new LinkedHashMap<>());
    }
  }

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException when it cannot be read, is no JSON, or is neither of the two
   *     forms; for a user
   */
  public static Capture read(Path file, KnownTypes types) {
    try {
      long bytes = Files.size(file);
      if (bytes > MOST_BYTES) {
        throw new IllegalArgumentException(
            "%s: %,d bytes (expected: at most %,d)".formatted(file, bytes, MOST_BYTES));
      }
      try (Reader text = utf8(file)) {
        return read(text, types);
      }
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(file + ": is not there (expected: a file)", e);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(file + ": is no UTF-8 (expected: JSON)", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "%s: cannot be read: %s (expected: a file)".formatted(file, e.getMessage()), e);
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      throw new IllegalArgumentException(
          message.startsWith(file.toString()) ? message : file + ": " + message, e);
    }
  }

  /** One that tells bytes that are no text, instead of putting question marks in their place. */
  private static Reader utf8(Path file) throws IOException {
    return new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8.newDecoder());
  }

  /**
   * Reads a text.
   *
   * @throws IllegalArgumentException when it is no JSON, or neither of the two forms
   */
  public static Capture read(String text, KnownTypes types) {
    try {
      return read(new StringReader(text), types);
    } catch (IOException e) {
      throw new IllegalArgumentException("no text: " + e.getMessage(), e);
    }
  }

  private static Capture read(Reader text, KnownTypes types) throws IOException {
    JsonElement root = JsonText.read(text);
    Capture capture = new Capture(types);
    if (root.isJsonObject() && root.getAsJsonObject().get("resources") instanceof JsonObject all) {
      capture.sections(all);
    } else if (root.isJsonObject()
        && root.getAsJsonObject().get("configs") instanceof JsonArray configs) {
      ConfigDump.resources(configs, capture::odd)
          .forEach(found -> capture.add(found.type(), found.version(), found.resource()));
    } else {
      throw new IllegalArgumentException(
          "neither \"resources\" nor \"configs\" in it (expected: a capture, or a /config_dump)");
    }
    return capture;
  }

  private void sections(JsonObject all) {
    for (Map.Entry<String, JsonElement> section : all.entrySet()) {
      ResourceType type = SECTIONS.get(section.getKey());
      if (type == null || !section.getValue().isJsonArray()) {
        odd(
            "resources.%s: not known, or no list (expected: lists by the names %s)"
                .formatted(section.getKey(), SECTIONS.keySet()));
      } else {
        section(section.getKey(), type, section.getValue().getAsJsonArray());
      }
    }
  }

  private void section(String name, ResourceType type, JsonArray list) {
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).isJsonObject()) {
        add(type, NO_VERSION, list.get(i));
      } else {
        odd(
            "resources.%s[%d]: no object (expected: proto-JSON of a %s)"
                .formatted(name, i, type.label()));
      }
    }
  }

  private void odd(String problem) {
    if (odd < MOST_ODD) {
      problems.add(problem);
    }
    odd++;
  }

  private void add(ResourceType type, String version, JsonElement resource) {
    String name = name(resource);
    String id = type.label() + "/" + name;
    Message.Builder builder = builder(type);
    List<String> unknown = UnknownNames.in(resource, builder.getDescriptorForType(), types);
    if (!unknown.isEmpty()) {
      unknown.forEach(problem -> problems.add(id + problem));
      return;
    }
    if (resource instanceof JsonObject object) {
      object.remove("@type"); // a dump holds each resource in an Any
    }
    try {
      parser.merge(resource.toString(), builder);
    } catch (InvalidProtocolBufferException e) {
      problems.add(
          "%s: %s (expected: proto-JSON of a %s)".formatted(id, e.getMessage(), type.label()));
      return;
    }
    Message message = builder.build();
    if (of(type).putIfAbsent(name, message) != null) {
      problems.add(id + ": more than once (expected: each name once)");
      return;
    }
    resources.add(new RawResource(type, name, version, message.toByteString()));
  }

  /** The name of a resource in JSON, in either spelling. */
  static String name(JsonElement resource) {
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

  private static Message.Builder builder(ResourceType type) {
    return switch (type) {
      case CLUSTER -> Cluster.newBuilder();
      case ENDPOINT -> ClusterLoadAssignment.newBuilder();
      case LISTENER -> Listener.newBuilder();
      case SECRET -> Secret.newBuilder();
    };
  }

  private Map<String, Message> of(ResourceType type) {
    return messages.computeIfAbsent(type, any -> new LinkedHashMap<>());
  }

  /** Those of one type that could be read, in the order of the file. */
  public List<Message> messages(ResourceType type) {
    return List.copyOf(of(type).values());
  }

  /** One that could be read, by its type and name. */
  public Optional<Message> message(RawResource resource) {
    return Optional.ofNullable(of(resource.type()).get(resource.name()));
  }

  /** All that could be read, as they would come from a control plane, in the order of the file. */
  public List<RawResource> resources() {
    return List.copyOf(resources);
  }

  /** What could not be read, a line each: resource, path, value, what was expected. */
  public List<String> problems() {
    List<String> all = new ArrayList<>(problems);
    if (odd > MOST_ODD) {
      all.add("and %,d entries more that are no resources".formatted(odd - MOST_ODD));
    }
    return List.copyOf(all);
  }
}
