package io.zoneproxy.ingress.policy;

import io.zoneproxy.core.config.yaml.Nearest;
import io.zoneproxy.core.config.yaml.Shown;
import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.policy.Target;
import io.zoneproxy.ingress.translate.Kri;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A way in or out, as the {@code targetRef} of a policy means it or does not. */
public final class Audience {
  /** The egress of a zone, which no resource of a mesh describes. */
  public static final Audience OF_ZONE =
      new Audience(true, Targets::isAboutAll, "a ZoneEgress", List.of());

  private final boolean ofZone;
  private final Predicate<Target> meant;
  private final String name;
  private final List<String> sections;

  private Audience(boolean ofZone, Predicate<Target> meant, String name, List<String> sections) {
    this.ofZone = ofZone;
    this.meant = meant;
    this.name = name;
    this.sections = sections;
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
        Stream.concat(
                own.listeners().stream().map(Dataplane.Listener::name),
                own.inbounds().stream().map(Dataplane.Inbound::name))
            .toList());
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

  /**
   * A slip of the pen: the data plane is meant, and none of its parts has that name.
   *
   * @return what was expected; empty when there is nothing to say
   */
  public Optional<String> misspelt(Target target) {
    Target whole = new Target(target.kind(), target.name(), target.tags());
    boolean any = target.name().isEmpty() && target.tags().isEmpty(); // of any data plane
    if (ofZone || any || target.section().isEmpty() || !has(whole)) {
      return Optional.empty();
    }
    return sections.contains(target.section())
        ? Optional.empty()
        : Optional.of(
            "%s: nothing of the Dataplane has this name (expected: one of %s%s)"
                .formatted(
                    Shown.text(target.section()),
                    String.join(", ", sections),
                    Nearest.hint(target.section(), sections)));
  }
}
