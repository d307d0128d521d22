package io.zoneproxy.ingress;

import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.SecretSpec;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resources;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where the secrets come from that chains of resource files name. */
@FunctionalInterface
public interface SecretSource {
  /** Has none. */
  SecretSource NONE = (names, resources) -> new Found(Map.of(), List.of(), Instant.MAX);

  /**
   * Finds them; may read and write files. Not for event loops.
   *
   * @param names that chains name; those that it does not know are passed over
   * @param resources of the moment
   */
  Found find(Set<SecretName> names, Resources resources);

  /** Asks all of them; a secret that several know is the first one's. */
  static SecretSource of(List<SecretSource> sources) {
    return (names, resources) -> {
      Map<SecretName, SecretSpec> secrets = new HashMap<>();
      List<Problem> problems = new ArrayList<>();
      Instant until = Instant.MAX;
      for (SecretSource source : sources) {
        Found found = source.find(names, resources);
        found.secrets().forEach(secrets::putIfAbsent);
        problems.addAll(found.problems());
        until = found.until().isBefore(until) ? found.until() : until;
      }
      return new Found(secrets, problems, until);
    };
  }

  /**
   * What was found.
   *
   * @param secrets may lack some, whose chains refuse connections then
   * @param problems why
   * @param until when it should be asked again, though no resource has changed
   */
  record Found(Map<SecretName, SecretSpec> secrets, List<Problem> problems, Instant until) {
    public Found {
      secrets = Map.copyOf(secrets);
      problems = List.copyOf(problems);
    }
  }
}
