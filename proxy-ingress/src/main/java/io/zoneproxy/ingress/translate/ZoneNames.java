package io.zoneproxy.ingress.translate;

import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.Meta;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.Zone;
import io.zoneproxy.core.resource.ZoneEgress;
import io.zoneproxy.core.resource.ZoneIngress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Looks for zones that are named but have no {@code Zone} resource. Such a zone counts as enabled;
 * but where other zones have a resource, a name without one is most likely mistyped. Without any
 * {@code Zone} resource, what the other resources say of their zone is looked at.
 */
public final class ZoneNames {
  private ZoneNames() {}

  /**
   * Warnings.
   *
   * @param zone the own zone; "" when it was not said
   */
  public static List<Problem> check(Resources resources, String zone) {
    List<Zone> zones = resources.of(Zone.class).toList();
    Set<String> known =
        zones.stream().map(one -> one.meta().name()).collect(Collectors.toCollection(TreeSet::new));
    List<Problem> problems = new ArrayList<>();
    if (zones.isEmpty()) {
      ofOthers(resources, zone).ifPresent(problems::add);
      return problems;
    }
    String expected = " (expected: one of " + String.join(", ", known) + ", or a Zone resource)";
    if (!zone.isEmpty() && !known.contains(zone)) {
      problems.add(
          Problem.warning(
              zones.get(0).meta().source(),
              "",
              "no zone is called " + zone + ", the own one" + expected));
    }
    resources
        .of(ZoneIngress.class)
        .filter(ingress -> !ingress.zone().isEmpty() && !known.contains(ingress.zone()))
        .forEach(
            ingress ->
                problems.add(
                    Problem.warning(
                        ingress.meta().source(),
                        "zone",
                        "no zone is called " + ingress.zone() + expected)));
    return problems;
  }

  /**
   * Egresses and data planes are those of the own zone, while ingresses may all be of others. Where
   * some say of which zone they are, and none says this one, this one is most likely mistyped.
   */
  private static Optional<Problem> ofOthers(Resources resources, String zone) {
    Map<String, Meta> named = new TreeMap<>();
    resources
        .of(ZoneEgress.class)
        .forEach(egress -> named.putIfAbsent(egress.zone(), egress.meta()));
    resources
        .of(Dataplane.class)
        .map(Dataplane::meta)
        .forEach(meta -> named.putIfAbsent(meta.zone(), meta));
    named.remove("");
    boolean isThere =
        named.containsKey(zone)
            || resources.of(ZoneIngress.class).anyMatch(ingress -> ingress.zone().equals(zone));
    if (zone.isEmpty() || named.isEmpty() || isThere) {
      return Optional.empty();
    }
    Map.Entry<String, Meta> first = named.entrySet().iterator().next();
    return Optional.of(
        Problem.warning(
            first.getValue().source(),
            "zone",
            "%s is of zone %s, and nothing here is of %s, the own one (expected: --zone with one of %s, or resources of %s)"
                .formatted(
                    first.getValue().id(),
                    first.getKey(),
                    zone,
                    String.join(", ", named.keySet()),
                    zone)));
  }
}
