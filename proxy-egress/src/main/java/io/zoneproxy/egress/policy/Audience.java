package io.zoneproxy.egress.policy;

import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.policy.Target;
import io.zoneproxy.egress.workload.OwnLabels;
import io.zoneproxy.ingress.translate.Kri;
import java.util.Map;
import java.util.function.Predicate;

/** An egress, as the {@code targetRef} of a policy means it or does not. */
public final class Audience {
  /** The egress of a zone, which no resource of a mesh describes. */
  public static final Audience OF_ZONE =
      new Audience(true, Targets::isAboutAll, "a ZoneEgress", "kind Mesh, or none");

  private final boolean ofZone;
  private final Predicate<Target> meant;
  private final String name;
  private final String expected;

  private Audience(boolean ofZone, Predicate<Target> meant, String name, String expected) {
    this.ofZone = ofZone;
    this.meant = meant;
    this.name = name;
    this.expected = expected;
  }

  /**
   * A listener of a data plane.
   *
   * @param zone the own one
   */
  public static Audience of(Dataplane own, Dataplane.Listener listener, String zone) {
    Map<String, String> labels = OwnLabels.of(own, zone);
    return new Audience(
        false,
        target -> isMeant(target, own, labels, listener.name()),
        "listener %s of %s".formatted(listener.name(), own.meta().id()),
        "kind Mesh, or kind Dataplane with labels that it has and no other sectionName");
  }

  private static boolean isMeant(
      Target target, Dataplane own, Map<String, String> labels, String listener) {
    return switch (target.kind()) {
      case Target.ALL -> true;
      case Target.DATAPLANE ->
          (target.name().isEmpty() || target.name().equals(Kri.name(own.meta())))
              && (target.section().isEmpty() || target.section().equals(listener))
              && labels.entrySet().containsAll(target.tags().entrySet());
      default -> false; // the others mean inbounds, and it is none
    };
  }

  /** Whether it is the egress of a zone, and not a mesh's own. */
  public boolean isOfZone() {
    return ofZone;
  }

  /** Whether a policy for these is for it. */
  public boolean has(Target target) {
    return meant.test(target);
  }

  /** What it is, for messages. */
  public String name() {
    return name;
  }

  /** The target that it would have, for messages. */
  public String expected() {
    return expected;
  }
}
