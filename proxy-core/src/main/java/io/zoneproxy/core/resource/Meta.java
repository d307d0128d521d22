package io.zoneproxy.core.resource;

import java.util.Map;

/**
 * What every resource has.
 *
 * @param type Kuma's kind, for example {@code ZoneIngress}
 * @param name unique among the resources of its type and mesh
 * @param mesh "" for kinds that belong to no mesh
 * @param labels empty when there are none
 * @param source where it was written
 */
public record Meta(
    String type, String name, String mesh, Map<String, String> labels, Source source) {
  public Meta {
    labels = Map.copyOf(labels);
  }

  /** {@code Dataplane/default/backend-1}, or {@code Zone/east} for a kind without mesh. */
  public String id() {
    return mesh.isEmpty() ? type + "/" + name : type + "/" + mesh + "/" + name;
  }

  /** The zone that wrote the resource: its label {@code kuma.io/zone}, or "" without one. */
  public String zone() {
    return labels.getOrDefault("kuma.io/zone", "");
  }
}
