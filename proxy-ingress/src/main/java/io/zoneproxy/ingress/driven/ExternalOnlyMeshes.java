package io.zoneproxy.ingress.driven;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.observe.process.ControlPlaneStats;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Warns of meshes of which a zone egress serves external services and no service of another zone.
 * Kuma does that to a mesh whose {@code meshServices.mode} is Exclusive, whatever its {@code
 * routing.zoneEgress} says; what is pushed looks the same when no other zone offers a service, so
 * the warning names both. Any thread.
 */
final class ExternalOnlyMeshes {
  /** A control plane that has just begun tells of other zones later than of external services. */
  static final long PAUSE_NANOS = 30_000_000_000L;

  private static final String EXTERNAL_SUFFIX = ".mes"; // HASH.NAME.PORT.MESH.mes
  private static final String MESH_TAG = "mesh="; // NAME{TAG=VALUE,mesh=MESH}

  private final Consumer<String> warnings;
  private final ControlPlaneStats stats;
  private final Executor later;
  private final Set<String> told = new HashSet<>(); // guarded by this, as all below
  private ProxySnapshot now = ProxySnapshot.EMPTY;
  private boolean awaited;

  /**
   * Nothing has been looked at yet.
   *
   * @param later runs a task after {@link #PAUSE_NANOS}
   */
  ExternalOnlyMeshes(Consumer<String> warnings, ControlPlaneStats stats, Executor later) {
    this.warnings = warnings;
    this.stats = stats;
    this.later = later;
  }

  /** The egress has this configuration; it is looked at later, the newest one only. */
  synchronized void onApplied(ProxySnapshot snapshot) {
    now = snapshot;
    if (!awaited) {
      awaited = true;
      later.execute(this::look);
    }
  }

  private synchronized void look() {
    awaited = false;
    Set<String> found = of(now);
    stats.externalOnlyMeshes.set(found.size());
    told.retainAll(found);
    for (String mesh : found) {
      if (told.add(mesh)) {
        warnings.accept(
            "mesh "
                + mesh
                + ": only external services pass this egress, no service of another zone. Either no"
                + " other zone offers one, or its meshServices.mode is Exclusive: then sidecars go"
                + " to the other zone's ingress themselves, and routing.zoneEgress has no effect on"
                + " that");
      }
    }
  }

  /** In alphabetical order. */
  static Set<String> of(ProxySnapshot snapshot) {
    Set<String> external = new TreeSet<>();
    Set<String> crossZone = new HashSet<>();
    for (ListenerSpec listener : snapshot.listeners()) {
      for (ChainSpec chain : listener.chains()) {
        (chain.tls().isPresent() ? external : crossZone).add(mesh(chain.serverName()));
      }
    }
    external.removeAll(crossZone);
    external.remove("");
    return external;
  }

  /** The mesh that a server name of Kuma means; "" when it means none. */
  private static String mesh(String serverName) {
    if (serverName.endsWith(EXTERNAL_SUFFIX)) {
      String rest = serverName.substring(0, serverName.length() - EXTERNAL_SUFFIX.length());
      return rest.substring(rest.lastIndexOf('.') + 1);
    }
    int tag = serverName.indexOf(MESH_TAG, Math.max(0, serverName.indexOf('{')));
    if (tag < 0) {
      return "";
    }
    int begin = tag + MESH_TAG.length();
    int end = begin;
    while (end < serverName.length() && ",}".indexOf(serverName.charAt(end)) < 0) {
      end++;
    }
    return serverName.substring(begin, end);
  }
}
