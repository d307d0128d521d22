package io.zoneproxy.core.config.kuma;

import io.zoneproxy.core.config.yaml.Fields;
import io.zoneproxy.core.config.yaml.Shown;
import java.util.Map;

/** Reads a field of tags. */
final class Tags {
  private Tags() {}

  /**
   * Name to value; empty when absent. There is no tag without a value, and no empty list of tags.
   */
  static Map<String, String> read(Fields fields, String name) {
    Map<String, String> tags = fields.texts(name);
    if (fields.isEmptyMapping(name)) {
      fields.error(name, "empty (expected: at least one tag)");
    }
    tags.forEach(
        (tag, value) -> {
          if (tag.isEmpty() || value.isEmpty()) {
            fields.error(
                name,
                "\"" + Shown.text(tag) + "\": \"" + Shown.text(value) + "\" (expected: text)");
          }
        });
    return tags;
  }
}
