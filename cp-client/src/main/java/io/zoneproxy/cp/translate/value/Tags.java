package io.zoneproxy.cp.translate.value;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Tags in metadata: texts by name. */
public final class Tags {
  /** By which endpoints are chosen. */
  public static final String LB = "envoy.lb";

  /** By which TLS is chosen. */
  public static final String TLS = "envoy.transport_socket_match";

  private Tags() {}

  /** Those of a namespace of metadata. */
  public static Map<String, String> in(
      Metadata metadata, String namespace, Interned interned, Problems problems) {
    Struct struct = metadata.getFilterMetadataMap().get(namespace);
    return struct == null
        ? Map.of()
        : of(struct, interned, problems.in("filter_metadata", namespace));
  }

  /** Texts by name; values that are no texts are noted, for Kuma sends none. */
  public static Map<String, String> of(Struct struct, Interned interned, Problems problems) {
    Map<String, String> tags = new LinkedHashMap<>();
    for (Map.Entry<String, Value> each : struct.getFieldsMap().entrySet()) {
      if (each.getValue().hasStringValue()) {
        tags.put(each.getKey(), each.getValue().getStringValue());
      } else {
        problems.at(each.getKey()).add(each.getValue().getKindCase(), "a text");
      }
    }
    return interned.map(tags);
  }

  /** Notes the namespaces of metadata other than this one: nothing else is looked at here. */
  public static void only(Metadata metadata, String namespace, Problems problems) {
    Set<String> namespaces = metadata.getFilterMetadataMap().keySet();
    for (Iterator<String> each = namespaces.iterator(); each.hasNext(); ) {
      String name = each.next();
      if (!name.equals(namespace)) {
        problems.in("filter_metadata", name).add("set", namespace);
      }
    }
  }
}
