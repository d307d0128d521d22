package io.zoneproxy.cp.translate.tls;

import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.zoneproxy.core.model.tls.SanMatch;
import io.zoneproxy.cp.translate.policy.StringMatches;
import io.zoneproxy.cp.translate.value.Problems;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Names that a peer may have. kuma-cp repeats some; any of them is enough. */
final class Sans {
  private Sans() {}

  static List<SanMatch> of(List<SubjectAltNameMatcher> from, Problems problems) {
    Set<SanMatch> names = new LinkedHashSet<>();
    for (int i = 0; i < from.size(); i++) {
      SubjectAltNameMatcher each = from.get(i);
      Problems at = problems.at("match_typed_subject_alt_names", i);
      Optional<SanMatch.Type> type = type(each.getSanType(), at.at("san_type"));
      StringMatches.of(each.getMatcher(), at.at("matcher"))
          .ifPresent(value -> type.ifPresent(known -> names.add(new SanMatch(known, value))));
    }
    return List.copyOf(names);
  }

  private static Optional<SanMatch.Type> type(
      SubjectAltNameMatcher.SanType from, Problems problems) {
    return switch (from) {
      case URI -> Optional.of(SanMatch.Type.URI);
      case DNS -> Optional.of(SanMatch.Type.DNS);
      case IP_ADDRESS -> Optional.of(SanMatch.Type.IP_ADDRESS);
      case EMAIL -> Optional.of(SanMatch.Type.EMAIL);
      default -> {
        problems.add(from, "URI, DNS, IP_ADDRESS or EMAIL");
        yield Optional.empty();
      }
    };
  }
}
