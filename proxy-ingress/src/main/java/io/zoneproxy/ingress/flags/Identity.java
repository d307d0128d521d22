package io.zoneproxy.ingress.flags;

import io.zoneproxy.core.config.kuma.Names;
import io.zoneproxy.core.config.yaml.Shown;
import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.ingress.ProxyRole;
import io.zoneproxy.ingress.controlplane.ManagedProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Who a proxy without an own resource is: kuma-dp's rules.
 *
 * @param name of {@code --name}; "" = not said
 * @param mesh of {@code --mesh}; "" = not said
 */
record Identity(String name, String mesh) {
  private static final String NAMED =
      "a DNS name of a-z, 0-9, '-' and '.', at most " + Names.MAX_NAME + " characters";

  /** Refuses what contradicts an own resource, which has both. */
  void refuseBeside(ManagedProxy own) {
    Mistakes mistakes = new Mistakes();
    beside(mistakes, "--name", name, own);
    beside(mistakes, "--mesh", mesh, own);
    mistakes.refuse();
  }

  private static void beside(Mistakes mistakes, String flag, String value, ManagedProxy own) {
    if (!value.isEmpty()) {
      mistakes.add(
          "%s=%s beside the own resource of %s (expected: one of them: the resource says it)"
              .formatted(flag, Shown.text(value), own.id()));
    }
  }

  /** The proxies of these roles, whose resources the control plane has. */
  List<ManagedProxy> known(List<ProxyRole> roles, Map<String, String> environment) {
    String named = named(environment);
    Mistakes mistakes = new Mistakes();
    if (named.isEmpty()) {
      mistakes.add(
          "no --dataplane-file and no --name (expected: the own resource, or the name of one that"
              + " the control plane has; POD_NAME and POD_NAMESPACE give a Pod's)");
    } else if (!Names.isSubdomain(named)) {
      mistakes.add("--name=%s (expected: %s)".formatted(Shown.text(named), NAMED));
    }
    List<ManagedProxy> known = new ArrayList<>();
    for (ProxyRole role : roles) {
      known.add(ManagedProxy.known(role, named, ofMesh(role) ? mesh : ""));
    }
    if (roles.stream().anyMatch(Identity::ofMesh)) {
      checkMesh(mistakes);
    }
    mistakes.refuse();
    return known;
  }

  private void checkMesh(Mistakes mistakes) {
    if (mesh.isEmpty()) {
      mistakes.add(
          "--proxy-type=dataplane without --dataplane-file and --mesh (expected: --mesh=NAME, the"
              + " mesh of the Dataplane)");
    } else if (!Names.isMesh(mesh)) {
      mistakes.add(
          "--mesh=%s (expected: a name of a-z, 0-9, '.', '-' and '_')".formatted(Shown.text(mesh)));
    }
  }

  static boolean ofMesh(ProxyRole role) {
    return role.ownKind().equals(Dataplane.class);
  }

  /** A Pod's name is taken for none, and for one whose placeholders nobody filled in. */
  private String named(Map<String, String> environment) {
    String pod = BareVariable.POD_NAME.text(environment);
    String namespace = BareVariable.POD_NAMESPACE.text(environment);
    boolean open = name.isEmpty() || name.contains("$(") || name.contains("{");
    return open && !pod.isEmpty() && !namespace.isEmpty() ? pod + "." + namespace : name;
  }
}
