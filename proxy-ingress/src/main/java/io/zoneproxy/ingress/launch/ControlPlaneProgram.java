package io.zoneproxy.ingress.launch;

import io.zoneproxy.ingress.controlplane.ControlPlaneConfig;
import io.zoneproxy.ingress.flags.RunOptions;
import java.util.Map;

/** What runs when a control plane drives the proxy; a {@link Launcher} is given one. */
@FunctionalInterface
public interface ControlPlaneProgram {
  /** It is most likely the one that will be run: what takes long may begin on other threads. */
  default void prepare() {}

  /**
   * Runs until it is told to end. The log is set up, the work folder exists and is cleared away
   * afterwards; signals are still the JVM's: see {@link Signals}.
   *
   * @param config checked
   * @param options of the proxy itself, checked
   * @param environment the process's variables
   * @return the exit code: 0 for an orderly end
   * @throws io.zoneproxy.ingress.flags.UsageException for what the user can mend
   */
  int run(ControlPlaneConfig config, RunOptions options, Map<String, String> environment);
}
