package io.zoneproxy.core.config.kuma.policy;

import io.zoneproxy.core.config.yaml.Fields;
import io.zoneproxy.core.model.policy.StringMatch;
import java.util.List;
import java.util.Optional;

/** Reads conditions on callers: by their SPIFFE ID, and by the server name that they send. */
public final class CallerReader {
  private CallerReader() {}

  /** Reports what is no such condition. */
  public static void check(Fields match) {
    match.only(List.of("spiffeID", "sni"));
    if (!match.has("spiffeID") && !match.has("sni")) {
      match.error("", "empty (expected: spiffeID or sni)");
    }
  }

  /** Exact or a prefix; empty when any will do. */
  public static Optional<StringMatch> spiffeId(Fields match) {
    return match.mapping("spiffeID").map(CallerReader::id);
  }

  private static StringMatch id(Fields fields) {
    fields.only(List.of("type", "value"));
    String type = fields.choice("type", List.of("Exact", "Prefix"));
    String value = fields.requiredText("value", "a SPIFFE ID");
    if (!value.isEmpty() && !value.startsWith("spiffe://")) {
      fields.error("value", "does not begin with spiffe:// (expected: a SPIFFE ID)");
    }
    return type.equals("Prefix") ? StringMatch.prefix(value) : StringMatch.exact(value);
  }

  /** The whole name; empty when any will do. */
  public static Optional<String> serverName(Fields match) {
    return match
        .mapping("sni")
        .map(
            fields -> {
              fields.only(List.of("type", "value"));
              fields.choice("type", List.of("Exact"));
              return fields.requiredText("value", "a server name");
            });
  }
}
