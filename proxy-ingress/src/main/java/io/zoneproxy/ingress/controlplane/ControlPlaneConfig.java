package io.zoneproxy.ingress.controlplane;

import java.util.List;

/**
 * All that flags and variables say of a run that a control plane drives. Checked as far as that can
 * be done without asking anybody; nothing of it changes during the run. For any thread.
 *
 * @param server the control plane
 * @param proxies at least one, each of another role; the first one's admin port is the process's
 * @param host what the control plane is told of this machine
 * @param features what it is told that the proxy can do
 * @param lastKnownGood what serves while the control plane is away
 */
public record ControlPlaneConfig(
    ControlPlaneServer server,
    List<ManagedProxy> proxies,
    ProxyHost host,
    Features features,
    LastKnownGood lastKnownGood) {
  public ControlPlaneConfig {
    proxies = List.copyOf(proxies);
    if (proxies.isEmpty()) {
      throw new IllegalArgumentException("no proxy (expected: at least one)");
    }
  }

  /** The admin port of the process; 0 when it is the control plane's to choose. */
  public int adminPort() {
    return proxies.get(0).adminPort();
  }
}
