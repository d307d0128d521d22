package io.zoneproxy.ingress.launch;

import io.zoneproxy.ingress.OwnProxy;
import io.zoneproxy.ingress.controlplane.ControlPlaneConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a run is to be. */
sealed interface Plan {
  /**
   * One without a control plane.
   *
   * @param own at least one; the first one's admin port is the process's
   * @param zone the own zone
   * @param resources folder or file
   * @param workDir for what outlives a run; empty = none was named
   * @param warnings to be said once it runs, one line each
   */
  record FromFiles(
      List<OwnProxy> own,
      String zone,
      Path resources,
      Optional<Path> workDir,
      List<String> warnings)
      implements Plan {
    public FromFiles {
      own = List.copyOf(own);
      warnings = List.copyOf(warnings);
    }

    /** For messages: {@code ZoneEgress/egress-1, ZoneIngress/ingress-1}. */
    String names() {
      return String.join(", ", own.stream().map(proxy -> proxy.resource().meta().id()).toList());
    }
  }

  /**
   * One that a control plane drives.
   *
   * @param config all that is to know
   * @param warnings to be said before it runs, one line each
   */
  record FromControlPlane(ControlPlaneConfig config, List<String> warnings) implements Plan {
    public FromControlPlane {
      warnings = List.copyOf(warnings);
    }
  }
}
