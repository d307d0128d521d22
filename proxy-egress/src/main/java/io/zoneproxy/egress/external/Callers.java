package io.zoneproxy.egress.external;

import io.zoneproxy.core.model.policy.Principal;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.resource.policy.Target;
import io.zoneproxy.core.resource.policy.TrafficPermission;
import io.zoneproxy.ingress.translate.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Callers as their certificates name them: a SPIFFE URI for the service, a URI for each tag. */
final class Callers {
  private final String spiffe;

  Callers(String mesh) {
    spiffe = "spiffe://" + mesh + "/";
  }

  /** Those that a policy is about. */
  Principal of(Target target) {
    List<Principal> all = new ArrayList<>();
    if (target.kind().equals(Target.SERVICE) || target.kind().equals(Target.SERVICE_SUBSET)) {
      all.add(named(StringMatch.exact(spiffe + target.name())));
    }
    add(target.tags(), all);
    return together(all);
  }

  /** Those with some tags, of which a value may be any. */
  Principal of(Map<String, String> tags) {
    List<Principal> all = new ArrayList<>();
    add(tags, all);
    return together(all);
  }

  private void add(Map<String, String> tags, List<Principal> all) {
    new TreeMap<>(tags)
        .forEach(
            (tag, value) -> {
              String prefix = tag.equals(Tags.SERVICE) ? spiffe : "kuma://" + tag + "/";
              boolean any = value.equals(TrafficPermission.ANY);
              all.add(named(any ? StringMatch.prefix(prefix) : StringMatch.exact(prefix + value)));
            });
  }

  private static Principal named(StringMatch uri) {
    return new Principal.Authenticated(Optional.of(uri));
  }

  private static Principal together(List<Principal> all) {
    if (all.isEmpty()) {
      return new Principal.Any();
    }
    return all.size() == 1 ? all.get(0) : new Principal.And(all);
  }
}
