package io.zoneproxy.egress.external;

import io.zoneproxy.core.config.yaml.Nearest;
import io.zoneproxy.core.config.yaml.Shown;
import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.ExternalService;
import io.zoneproxy.core.resource.MeshExternalService;
import io.zoneproxy.core.resource.Policy;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.ZoneIngress;
import io.zoneproxy.core.resource.policy.MeshTrafficPermission;
import io.zoneproxy.core.resource.policy.Target;
import io.zoneproxy.core.resource.policy.TrafficPermission;
import io.zoneproxy.core.resource.policy.Treatment;
import io.zoneproxy.egress.policy.Policies;
import io.zoneproxy.ingress.policy.Targets;
import io.zoneproxy.ingress.translate.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds policies of a mesh that are about a service which the files do not have: a slip of the pen
 * leaves a service open, or closed. It may be one of the mesh that only a control plane knows, so
 * it is no error.
 */
final class TargetCheck {
  private final Resources resources;
  private final String mesh;

  /** Of everything that has tags in the mesh. */
  private final List<Map<String, String>> known = new ArrayList<>();

  TargetCheck(Resources resources, String mesh) {
    this.resources = resources;
    this.mesh = mesh;
    resources.of(ExternalService.class, mesh).forEach(each -> known.add(each.tags()));
    resources
        .of(Dataplane.class, mesh)
        .forEach(each -> each.inbounds().forEach(inbound -> known.add(inbound.tags())));
    resources
        .of(ZoneIngress.class)
        .flatMap(each -> each.availableServices().stream())
        .filter(each -> each.mesh().equals(mesh))
        .forEach(each -> known.add(each.tags()));
  }

  /** One for each target that is nothing. */
  List<Problem> problems() {
    List<Problem> problems = new ArrayList<>();
    resources.of(Policy.class, mesh).forEach(policy -> check(policy, problems));
    return problems;
  }

  private void check(Policy policy, List<Problem> problems) {
    if (policy.spec() instanceof MeshTrafficPermission permission) {
      check(policy, "spec.targetRef", permission.target(), problems);
    } else if (policy.spec() instanceof Treatment treatment) {
      check(policy, "spec.targetRef", treatment.target(), problems);
      for (int i = 0; i < treatment.entries().size(); i++) {
        String field = "spec.%s[%d].targetRef".formatted(treatment.kind().list(), i);
        checkExternal(policy, field, treatment.entries().get(i).of(), problems);
      }
    } else if (policy.spec() instanceof TrafficPermission older) {
      for (int i = 0; i < older.destinations().size(); i++) {
        Map<String, String> wanted = older.destinations().get(i);
        boolean names = !wanted.values().stream().allMatch(TrafficPermission.ANY::equals);
        if (names && known.stream().noneMatch(tags -> Permissions.fits(wanted, tags))) {
          problems.add(nothing(policy, "destinations[%d].match".formatted(i), wanted));
        }
      }
    }
  }

  private void check(Policy policy, String field, Target target, List<Problem> problems) {
    boolean byTags =
        switch (target.kind()) {
          case Target.SUBSET -> !target.tags().isEmpty();
          case Target.SERVICE, Target.SERVICE_SUBSET -> true;
          default -> false;
        };
    if (byTags && known.stream().noneMatch(tags -> Targets.isAbout(target, tags))) {
      Map<String, String> wanted = new TreeMap<>(target.tags());
      if (!target.name().isEmpty()) {
        wanted.put(Tags.SERVICE, target.name());
      }
      problems.add(nothing(policy, field, wanted));
    }
  }

  private void checkExternal(Policy policy, String field, Target target, List<Problem> problems) {
    if (target.kind().equals(Target.EXTERNAL)
        && resources
            .of(MeshExternalService.class, mesh)
            .noneMatch(service -> Policies.names(target, service.meta()))) {
      List<String> names =
          resources.of(MeshExternalService.class, mesh).map(each -> each.meta().name()).toList();
      String wanted = target.name().isEmpty() ? target.tags().toString() : target.name();
      problems.add(
          Problem.warning(
              policy.meta().source(),
              field,
              "there is no MeshExternalService %s in mesh %s (expected: one of the files%s)"
                  .formatted(Shown.text(wanted), mesh, Nearest.hint(target.name(), names))));
    }
  }

  private Problem nothing(Policy policy, String field, Map<String, String> wanted) {
    TreeSet<String> services = new TreeSet<>();
    known.forEach(tags -> Optional.ofNullable(tags.get(Tags.SERVICE)).ifPresent(services::add));
    return Problem.warning(
        policy.meta().source(),
        field,
        "no service of mesh %s in these files has the tags %s, so the policy is about none of them (expected: tags of one%s)"
            .formatted(
                mesh,
                Shown.text(new TreeMap<>(wanted).toString()),
                Nearest.hint(wanted.getOrDefault(Tags.SERVICE, ""), services)));
  }
}
