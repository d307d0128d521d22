package io.zoneproxy.ingress.translate;

import io.zoneproxy.core.resource.Meta;

/**
 * Names of resources as Kuma's newer form has them (KRI): {@code kri_extsvc_default_east__web_443},
 * which is kind, mesh, zone, namespace, name and section.
 */
public final class Kri {
  /** Label: whether a resource was written for all zones, or in one. */
  private static final String ORIGIN = "kuma.io/origin";

  private static final String GLOBAL = "global";

  private Kri() {}

  /**
   * The name of a part of a resource.
   *
   * @param kind Kuma's short name of it
   * @param own the own zone
   * @param section "" for the resource as a whole
   */
  public static String of(String kind, Meta meta, String own, String section) {
    return String.join(
        "_", "kri", kind, meta.mesh(), zone(meta, own), namespace(meta), name(meta), section);
  }

  /** The zone it belongs to; "" when it is for all of them. One that says nothing is the own. */
  public static String zone(Meta meta, String own) {
    boolean global = meta.labels().getOrDefault(ORIGIN, "").equals(GLOBAL);
    return meta.zone().isEmpty() && !global ? own : meta.zone();
  }

  /** "" on Universal. */
  public static String namespace(Meta meta) {
    return meta.labels().getOrDefault(Tags.NAMESPACE, "");
  }

  /** As its author called it: one that was synced from elsewhere has another name here. */
  public static String name(Meta meta) {
    return meta.labels().getOrDefault(Tags.DISPLAY_NAME, meta.name());
  }
}
