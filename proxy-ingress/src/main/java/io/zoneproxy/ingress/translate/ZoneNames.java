package io.zoneproxy.ingress.translate;

import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.Zone;
import io.zoneproxy.core.resource.ZoneIngress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Looks for zones that are named but have no {@code Zone} resource. Such a zone counts as enabled;
 * but where other zones have a resource, a name without one is most likely mistyped.
 */
public final class ZoneNames {
  private ZoneNames() {}

  /**
   * Warnings; none when there is no {@code Zone} resource at all.
   *
   * @param zone the own zone; "" when it was not said
   */
  public static List<Problem> check(Resources resources, String zone) {
    List<Zone> zones = resources.of(Zone.class).toList();
    Set<String> known =
        zones.stream().map(one -> one.meta().name()).collect(Collectors.toCollection(TreeSet::new));
    List<Problem> problems = new ArrayList<>();
    if (zones.isEmpty()) {
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
}
