package io.zoneproxy.ingress.launch;

import io.zoneproxy.core.config.Loaded;
import io.zoneproxy.core.config.OwnResource;
import io.zoneproxy.core.config.ResourceFolder;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.Meta;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resource;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.Source;
import io.zoneproxy.core.resource.ZoneEgress;
import io.zoneproxy.core.resource.ZoneIngress;
import io.zoneproxy.ingress.ProxyRole;
import io.zoneproxy.ingress.translate.Translation;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the proxies of a zone would route, without running one.
 *
 * @param problems everything wrong or odd; with an error among them, {@code translation} is of what
 *     is good
 * @param translation of all roles
 */
record Preview(List<Problem> problems, Translation translation) {
  private static final Source NOWHERE = new Source("(a stand-in)", 1, 1);

  /**
   * Reads and translates. An own resource is taken from the files if one is there, else a stand-in
   * on the usual port does.
   *
   * @param resources the files
   */
  static Preview of(Roles roles, SourceOptions options, Path resources, InputStream input) {
    Loaded loaded = new ResourceFolder(resources).load();
    List<Problem> problems = new ArrayList<>(loaded.problems());
    List<Resource> own = new ArrayList<>();
    for (String file : options.dataplaneFiles) {
      OwnResource read =
          OwnResource.read(
              file,
              input,
              Map.of(),
              new OwnResource.Expected(
                  roles.all().stream().<Class<? extends Resource>>map(ProxyRole::ownKind).toList(),
                  "--dataplane-file"));
      problems.addAll(read.problems());
      read.resource().ifPresent(own::add);
    }
    Translation all =
        Translation.merge(
            roles.all().stream()
                .flatMap(
                    role ->
                        own(role, own, loaded.resources(), options.zone)
                            .map(r -> role.translate(r, loaded.resources(), options.zone))
                            .stream())
                .toList());
    problems.addAll(all.notices());
    return new Preview(List.copyOf(problems), all);
  }

  boolean hasErrors() {
    return problems.stream().anyMatch(problem -> problem.severity() == Problem.Severity.ERROR);
  }

  private static Optional<Resource> own(
      ProxyRole role, List<Resource> given, Resources resources, String zone) {
    Optional<Resource> found =
        given.stream()
            .filter(role.ownKind()::isInstance)
            .findFirst()
            .or(
                () ->
                    resources.all().stream()
                        .filter(role.ownKind()::isInstance)
                        .filter(resource -> isOwn(resource, zone))
                        .findFirst());
    return found.or(() -> standIn(role));
  }

  private static boolean isOwn(Resource resource, String zone) {
    if (resource instanceof ZoneEgress egress) {
      return egress.zone().isEmpty() || egress.zone().equals(zone);
    }
    if (resource instanceof ZoneIngress ingress) {
      return ingress.zone().isEmpty() || ingress.zone().equals(zone);
    }
    return resource instanceof Dataplane dataplane && !dataplane.listeners().isEmpty();
  }

  /** Kuma's usual ports; a mesh-scoped proxy has no usual mesh, so there is none of it. */
  private static Optional<Resource> standIn(ProxyRole role) {
    return switch (role.proxyType()) {
      case "egress" ->
          Optional.of(new ZoneEgress(meta("ZoneEgress"), "", new HostPort("127.0.0.1", 10002), 0));
      case "ingress" ->
          Optional.of(
              new ZoneIngress(
                  meta("ZoneIngress"),
                  "",
                  new HostPort("127.0.0.1", 10001),
                  Optional.empty(),
                  0,
                  List.of()));
      default -> Optional.empty();
    };
  }

  private static Meta meta(String type) {
    return new Meta(type, "stand-in", "", Map.of(), NOWHERE);
  }
}
