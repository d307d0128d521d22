package io.zoneproxy.ingress.inspect;

import io.zoneproxy.core.config.Loaded;
import io.zoneproxy.core.config.OwnResource;
import io.zoneproxy.core.config.ResourceFolder;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.Meta;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resource;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.Source;
import io.zoneproxy.core.resource.ZoneEgress;
import io.zoneproxy.core.resource.ZoneIngress;
import io.zoneproxy.ingress.FileSecrets;
import io.zoneproxy.ingress.OwnProxy;
import io.zoneproxy.ingress.ProxyRole;
import io.zoneproxy.ingress.SecretSource;
import io.zoneproxy.ingress.flags.Roles;
import io.zoneproxy.ingress.flags.SourceOptions;
import io.zoneproxy.ingress.flags.UsageException;
import io.zoneproxy.ingress.translate.ChainKey;
import io.zoneproxy.ingress.translate.RouteOwner;
import io.zoneproxy.ingress.translate.Translation;
import io.zoneproxy.ingress.translate.ZoneNames;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the proxies of a zone would route, without running one.
 *
 * @param problems everything wrong or odd; with an error among them, {@code translation} is of what
 *     is good
 * @param translation of all roles
 * @param snapshot the same with the secrets that there are
 * @param refused why a chain would refuse every connection, in the order of the server names
 */
record Preview(
    List<Problem> problems,
    Translation translation,
    ProxySnapshot snapshot,
    Map<ChainKey, String> refused) {
  private static final Source NOWHERE = new Source("(a stand-in)", 1, 1);

  // Kuma's usual ports.
  private static final HostPort EGRESS = new HostPort("127.0.0.1", 10002);
  private static final HostPort INGRESS = new HostPort("127.0.0.1", 10001);

  /**
   * Reads and translates. Own resources are taken from the flags, and no others then; else those of
   * the files, and where there is none of a role, a stand-in on the usual port does. A stand-in
   * that would route nothing is left out: nobody has asked for it.
   *
   * @param resources the files
   * @param workDir where builtin CAs may be
   */
  static Preview of(
      Roles roles,
      SourceOptions options,
      Path resources,
      Optional<Path> workDir,
      InputStream input) {
    Loaded loaded = ResourceFolder.toLookAt(resources).load();
    List<Problem> problems =
        new ArrayList<>(UsageException.ofResources(resources, loaded.problems()));
    List<Resource> own = new ArrayList<>();
    for (OwnResource read : options.anyOwn(roles, input)) {
      problems.addAll(read.problems());
      read.resource().ifPresent(own::add);
    }
    List<Translation> translations = new ArrayList<>();
    List<SecretSource> sources = new ArrayList<>();
    List<OwnProxy> known = new ArrayList<>();
    for (ProxyRole role : roles.all()) {
      List<Resource> among = own.isEmpty() ? ofZone(loaded.resources(), options.zone()) : own;
      Optional<Resource> mine = among.stream().filter(role.ownKind()::isInstance).findFirst();
      Optional<OwnProxy> shown =
          mine.or(() -> own.isEmpty() ? standIn(role) : Optional.empty())
              .map(resource -> new OwnProxy(role, resource));
      mine.flatMap(any -> shown).ifPresent(known::add);
      shown
          .map(proxy -> proxy.translate(loaded.resources(), options.zone()))
          .map(made -> mine.isEmpty() ? made.withoutIdleListeners() : made)
          .ifPresent(translations::add);
      shown.map(proxy -> proxy.trialSecrets(options.zone(), workDir)).ifPresent(sources::add);
    }
    Translation all = Translation.merge(translations);
    problems.addAll(ZoneNames.check(loaded.resources(), options.zone()));
    problems.addAll(all.notices());
    problems.addAll(new OwnEndpoints(known).among(all));
    if (problems.isEmpty() && loaded.resources().all().isEmpty()) {
      problems.add(holdsNothing(resources));
    } else if (all.clusters().isEmpty() && !hasErrors(problems)) {
      problems.add(routesNothing(resources, translations));
    }
    FileSecrets secrets = new FileSecrets(SecretSource.of(sources));
    ProxySnapshot complete = secrets.complete(all.snapshot(), loaded.resources());
    problems.addAll(secrets.problems());
    return new Preview(List.copyOf(problems), all, complete, refused(complete));
  }

  private static Problem holdsNothing(Path resources) {
    return Problem.warning(
        Source.ofFile("--resources=" + resources),
        "",
        "holds no resource (expected: files *.yaml, *.yml or *.json, not in folders below)");
  }

  private static Problem routesNothing(Path resources, List<Translation> translations) {
    String expected =
        translations.stream()
            .map(Translation::role)
            .distinct()
            .map(Preview::routed)
            .collect(Collectors.joining("; "));
    return Problem.warning(
        Source.ofFile("--resources=" + resources),
        "",
        "routes nothing: every connection would be closed (expected: %s)".formatted(expected));
  }

  private static String routed(String role) {
    return switch (role) {
      case "egress" ->
          "for an egress, an ExternalService or a MeshExternalService, or a ZoneIngress of another"
              + " zone with availableServices";
      case "ingress" -> "for an ingress, a Dataplane of this zone with an inbound";
      default ->
          "for a Dataplane with listeners, MeshServices or MeshExternalServices of its own mesh";
    };
  }

  private static Map<ChainKey, String> refused(ProxySnapshot snapshot) {
    SortedMap<ChainKey, String> refused =
        new TreeMap<>(Comparator.comparing(ChainKey::serverName).thenComparing(ChainKey::listener));
    try (ChainTrial trial = new ChainTrial(snapshot)) {
      for (ListenerSpec listener : snapshot.listeners()) {
        for (ChainSpec chain : listener.chains()) {
          trial.refusal(chain).ifPresent(why -> refused.put(ChainKey.of(listener, chain), why));
        }
      }
    }
    return refused;
  }

  /** Whether the files themselves are wrong. */
  boolean hasErrors() {
    return hasErrors(problems);
  }

  private static boolean hasErrors(List<Problem> problems) {
    return problems.stream().anyMatch(problem -> problem.severity() == Problem.Severity.ERROR);
  }

  /** Services that are there and that nobody would reach, each once for a reason: errors. */
  List<Problem> refusals() {
    Set<Problem> all = new LinkedHashSet<>();
    refused.forEach(
        (chain, why) -> {
          RouteOwner owner = translation.owners().get(chain);
          if (owner != null) {
            Problem told = owner.refused(why);
            all.add(Problem.error(told.source(), told.field(), told.message()));
          }
        });
    return List.copyOf(all);
  }

  private static List<Resource> ofZone(Resources resources, String zone) {
    return resources.all().stream().filter(resource -> isOwn(resource, zone)).toList();
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

  /** A mesh-scoped proxy has no usual mesh, so there is no stand-in of it. */
  private static Optional<Resource> standIn(ProxyRole role) {
    return switch (role.proxyType()) {
      case "egress" -> Optional.of(new ZoneEgress(meta("ZoneEgress"), "", EGRESS, 0));
      case "ingress" ->
          Optional.of(
              new ZoneIngress(meta("ZoneIngress"), "", INGRESS, Optional.empty(), 0, List.of()));
      default -> Optional.empty();
    };
  }

  private static Meta meta(String type) {
    return new Meta(type, "stand-in", "", Map.of(), NOWHERE);
  }
}
