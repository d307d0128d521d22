package io.zoneproxy.cp.dump;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.zoneproxy.core.text.JsonWriter;
import io.zoneproxy.cp.fields.KnownTypes;
import io.zoneproxy.cp.resource.RawResource;
import io.zoneproxy.cp.resource.ResourceMessages;
import io.zoneproxy.cp.resource.ResourceStore;
import io.zoneproxy.cp.resource.ResourceType;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is in force as {@code /config_dump} of Envoy gives it: proto-JSON of {@code
 * envoy.admin.v3.ConfigDump}, secrets redacted. Any thread.
 */
public final class ConfigDump {

  private final SensitiveFields secrets;
  private final JsonFormat.Printer printer;

  /**
   * @param types that may stand in an {@code Any}
   */
  public ConfigDump(KnownTypes types) {
    this.secrets = new SensitiveFields(types, SensitiveFields.REDACTED);
    this.printer =
        types.jsonPrinter().preservingProtoFieldNames().omittingInsignificantWhitespace();
  }

  /**
   * One proxy of the process.
   *
   * @param bootstrap what the control plane told it to begin with
   * @param bootstrapAt when
   * @param store what has come since
   * @param waiting names of secrets that listeners wait for
   * @param unbound why a listener's address is not bound, by the listener's name
   */
  public record Source(
      JsonObject bootstrap,
      Instant bootstrapAt,
      ResourceStore store,
      Set<String> waiting,
      Map<String, String> unbound) {}

  /**
   * The dump.
   *
   * @param sources the proxies of the process, one after the other
   * @param withEndpoints also the load assignments
   */
  public CharSequence write(List<Source> sources, boolean withEndpoints) {
    StringBuilder out = new StringBuilder();
    JsonWriter json = new JsonWriter(out).beginObject().name("configs").beginArray();
    sources.forEach(source -> write(json, source, withEndpoints));
    json.endArray().endObject();
    return out;
  }

  private void write(JsonWriter json, Source source, boolean withEndpoints) {
    ResourceStore store = source.store();
    section(json, "Bootstrap").name("bootstrap");
    json.rawVisible(BootstrapText.withoutTokens(source.bootstrap()).toString());
    json.name("last_updated").value(source.bootstrapAt().toString()).endObject();
    clusters(json, store);
    if (withEndpoints) {
      endpoints(json, store);
    }
    listeners(json, store, source.unbound());
    section(json, "ScopedRoutes").endObject();
    section(json, "Routes").endObject(); // routes stand in the listeners
    secrets(json, store, source.waiting());
  }

  private static JsonWriter section(JsonWriter json, String what) {
    return json.beginObject()
        .name("@type")
        .value(ResourceType.URL_PREFIX + "envoy.admin.v3." + what + "ConfigDump");
  }

  private void clusters(JsonWriter json, ResourceStore store) {
    section(json, "Clusters").name("version_info").value(version(store, ResourceType.CLUSTER));
    json.name("dynamic_active_clusters").beginArray();
    store.held(ResourceType.CLUSTER).forEach(held -> state(json, "cluster", held));
    json.endArray();
    json.name("dynamic_warming_clusters").beginArray();
    for (ResourceStore.Refused refused : store.refused(ResourceType.CLUSTER)) {
      json.beginObject().name("error_state");
      error(json, refused).endObject();
    }
    json.endArray().endObject();
  }

  private void endpoints(JsonWriter json, ResourceStore store) {
    section(json, "Endpoints").name("dynamic_endpoint_configs").beginArray();
    store.held(ResourceType.ENDPOINT).forEach(held -> state(json, "endpoint_config", held));
    json.endArray().endObject();
  }

  private void listeners(JsonWriter json, ResourceStore store, Map<String, String> unbound) {
    section(json, "Listeners").name("version_info").value(version(store, ResourceType.LISTENER));
    json.name("dynamic_listeners").beginArray();
    Set<String> shown = new HashSet<>();
    Map<String, ResourceStore.Refused> refused = new HashMap<>();
    store.refused(ResourceType.LISTENER).forEach(one -> refused.put(one.resource().name(), one));
    for (ResourceStore.Held held : store.held(ResourceType.LISTENER)) {
      String name = held.resource().name();
      shown.add(name);
      String problem = unbound.get(name);
      json.beginObject().name("name").value(name);
      json.name(problem == null ? "active_state" : "warming_state"); // it has no address yet
      state(json, "listener", held);
      if (problem != null && !refused.containsKey(name)) {
        errorState(json, new ResourceStore.Refused(held.resource(), held.at(), problem));
      } else {
        errorState(json, refused.get(name));
      }
      json.endObject();
    }
    for (ResourceStore.Refused one : refused.values()) {
      if (!shown.contains(one.resource().name())) {
        json.beginObject().name("name").value(one.resource().name());
        errorState(json, one);
        json.endObject();
      }
    }
    json.endArray().endObject();
  }

  private void errorState(JsonWriter json, ResourceStore.@Nullable Refused refused) {
    if (refused != null) {
      json.name("error_state");
      error(json, refused);
    }
  }

  private JsonWriter error(JsonWriter json, ResourceStore.Refused refused) {
    json.beginObject().name("last_update_attempt").value(refused.at().toString());
    json.name("details").value(refused.why());
    json.name("version_info").value(refused.resource().version());
    return json.endObject();
  }

  private void secrets(JsonWriter json, ResourceStore store, Set<String> waiting) {
    section(json, "Secrets").name("dynamic_active_secrets").beginArray();
    for (ResourceStore.Held held : store.held(ResourceType.SECRET)) {
      json.beginObject().name("name").value(held.resource().name());
      members(json, "secret", held);
      json.endObject();
    }
    json.endArray().name("dynamic_warming_secrets").beginArray();
    waiting.forEach(name -> json.beginObject().name("name").value(name).endObject());
    json.endArray().endObject();
  }

  private void state(JsonWriter json, String member, ResourceStore.Held held) {
    json.beginObject();
    members(json, member, held);
    json.endObject();
  }

  private void members(JsonWriter json, String member, ResourceStore.Held held) {
    json.name("version_info").value(held.resource().version());
    json.name("last_updated").value(held.at().toString());
    json.name(member).rawVisible(json(held.resource()));
  }

  /** As an {@code Any} in proto-JSON: the type stands among the members. */
  private String json(RawResource resource) {
    String type = "{\"@type\":\"" + resource.type().typeUrl() + "\"";
    try {
      Message read = ResourceMessages.parse(resource);
      String members = printer.print(secrets.replaced(read));
      return members.equals("{}") ? type + "}" : type + "," + members.substring(1);
    } catch (InvalidProtocolBufferException e) {
      return type + ",\"name\":" + new JsonPrimitive(resource.name()) + "}";
    }
  }

  private static String version(ResourceStore store, ResourceType type) {
    return store.held(type).stream()
        .map(held -> held.resource().version())
        .reduce("", (one, other) -> other);
  }
}
