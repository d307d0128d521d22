package io.zoneproxy.core.config.kuma.policy;

import io.zoneproxy.core.config.yaml.Fields;
import io.zoneproxy.core.resource.policy.Target;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads a {@code targetRef}. */
public final class TargetReader {
  /** The services whose callers a policy is about; the last three are no external service. */
  public static final List<String> PROTECTED =
      List.of(
          Target.ALL,
          Target.SUBSET,
          Target.SERVICE,
          Target.SERVICE_SUBSET,
          Target.DATAPLANE,
          "MeshGateway",
          "MeshHTTPRoute");

  /** Those callers. */
  public static final List<String> CALLERS =
      List.of(Target.ALL, Target.SUBSET, Target.SERVICE, Target.SERVICE_SUBSET);

  private static final List<String> FIELDS =
      List.of("kind", "name", "namespace", "tags", "labels", "mesh", "sectionName", "proxyTypes");

  /** Kinds that say nothing without a name. */
  private static final Set<String> NAMED = Set.of(Target.SERVICE, Target.SERVICE_SUBSET);

  /** Kinds that are found by labels and not by tags. */
  private static final Set<String> LABELLED = Set.of(Target.DATAPLANE, Target.EXTERNAL);

  /** Of {@code proxyTypes}: what no zone proxy is. */
  private static final String GATEWAY = "Gateway";

  private TargetReader() {}

  /**
   * Reads one; what is wrong is reported, and refuses the document.
   *
   * @param kinds those that may stand there
   */
  public static Target read(Fields fields, List<String> kinds) {
    fields.only(FIELDS);
    String kind = fields.choice("kind", kinds);
    if (kind.isEmpty() && !fields.has("kind")) {
      fields.error("kind", "missing (expected: one of " + String.join(", ", kinds) + ")");
    }
    if (fields.items("proxyTypes").equals(List.of(GATEWAY))) {
      return new Target("MeshGateway", "", Map.of()); // so it is for nobody here
    }
    boolean nameless = fields.has("labels") || !NAMED.contains(kind);
    String name = nameless ? fields.text("name") : fields.requiredText("name", "a service");
    return new Target(
        kind,
        name,
        fields.texts(LABELLED.contains(kind) ? "labels" : "tags"),
        kind.equals(Target.DATAPLANE) ? fields.text("sectionName") : "");
  }
}
