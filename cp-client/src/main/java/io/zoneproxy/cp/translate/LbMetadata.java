package io.zoneproxy.cp.translate;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import java.util.LinkedHashMap;
import java.util.Map;

/** The tags by which endpoints are chosen: metadata under {@code envoy.lb}. */
final class LbMetadata {
  private static final String NAMESPACE = "envoy.lb";

  private LbMetadata() {}

  /** The tags; values that are no texts are noted, for Kuma sends none. */
  static Map<String, String> translate(Metadata metadata, Problems problems) {
    Map<String, String> tags = new LinkedHashMap<>();
    Struct struct = metadata.getFilterMetadataOrDefault(NAMESPACE, Struct.getDefaultInstance());
    for (Map.Entry<String, Value> each : struct.getFieldsMap().entrySet()) {
      if (each.getValue().hasStringValue()) {
        tags.put(each.getKey(), each.getValue().getStringValue());
      } else {
        problems
            .at("filter_metadata[" + NAMESPACE + "][" + each.getKey() + "]")
            .add(each.getValue().getKindCase(), "a text");
      }
    }
    return tags;
  }
}
