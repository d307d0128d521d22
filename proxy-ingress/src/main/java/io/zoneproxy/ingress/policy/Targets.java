package io.zoneproxy.ingress.policy;

import io.zoneproxy.core.resource.Meta;
import io.zoneproxy.core.resource.Policy;
import io.zoneproxy.core.resource.policy.Target;
import io.zoneproxy.ingress.translate.Tags;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Which services a policy is about, and which of several policies counts more. */
public final class Targets {
  /** The kind that policies by SPIFFE ID name; with this label it means zone egresses. */
  private static final Map<String, String> ZONE_EGRESSES =
      Map.of("kuma.io/listener-zoneegress", "enabled");

  /** Less specific ones first. */
  private static final List<String> BY_SPECIFICITY =
      List.of(
          Target.ALL,
          Target.DATAPLANE,
          Target.SUBSET,
          Target.SERVICE,
          Target.SERVICE_SUBSET,
          Target.EXTERNAL);

  private Targets() {}

  /** Whether a target is a service with these tags, {@code kuma.io/service} among them. */
  public static boolean isAbout(Target target, Map<String, String> tags) {
    return switch (target.kind()) {
      case Target.ALL -> true;
      case Target.SUBSET -> tags.entrySet().containsAll(target.tags().entrySet());
      case Target.SERVICE, Target.SERVICE_SUBSET ->
          target.name().equals(tags.get(Tags.SERVICE))
              && tags.entrySet().containsAll(target.tags().entrySet());
      default -> isAboutAll(target);
    };
  }

  /** Whether a target is everything, or every egress. */
  public static boolean isAboutAll(Target target) {
    return target.kind().equals(Target.ALL)
        || (target.kind().equals(Target.DATAPLANE) && target.tags().equals(ZONE_EGRESSES));
  }

  /** Later ones count more: more specific targets; among equals the alphabetically first name. */
  public static Comparator<Policy> byPrecedence(Function<Policy, Target> target) {
    Comparator<Policy> byName = Comparator.comparing(policy -> name(policy.meta()));
    return Comparator.<Policy>comparingInt(policy -> specificity(target.apply(policy)))
        .thenComparingInt(policy -> detail(target.apply(policy)))
        .thenComparing(byName.reversed());
  }

  /** Of data planes: those with labels, then one by name, then a listener of any. */
  private static int detail(Target target) {
    if (!target.kind().equals(Target.DATAPLANE)) {
      return 0;
    }
    int which = target.name().isEmpty() ? Math.min(target.tags().size(), 1) : 2;
    return which + (target.section().isEmpty() ? 0 : 3); // above all that name no listener
  }

  /** Higher for what is more specific. */
  public static int specificity(Target target) {
    int rank = BY_SPECIFICITY.indexOf(target.kind());
    return target.kind().equals(Target.EXTERNAL) && !target.name().isEmpty() ? rank + 1 : rank;
  }

  /** As its author called it. */
  public static String name(Meta meta) {
    return meta.labels().getOrDefault(Tags.DISPLAY_NAME, meta.name());
  }
}
