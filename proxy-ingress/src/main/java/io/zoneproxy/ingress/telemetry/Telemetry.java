package io.zoneproxy.ingress.telemetry;

import io.zoneproxy.core.export.Collectors;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.http.TracingSpec;
import io.zoneproxy.core.model.log.AccessLogSpec;
import io.zoneproxy.core.model.log.LogTarget;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.resource.Meta;
import io.zoneproxy.cp.telemetry.Otlp;
import io.zoneproxy.ingress.OwnProxy;
import io.zoneproxy.ingress.controlplane.ControlPlaneConfig;
import io.zoneproxy.ingress.controlplane.ManagedProxy;
import java.util.HashSet;
import java.util.Set;

/**
 * What chains want written or sent elsewhere. Any thread.
 *
 * @param logs writes access logs
 * @param collectors get spans and records of logs
 */
public record Telemetry(ChainLogs logs, Collectors collectors) {
  /** The collectors of a process: who sends to them is the first of its proxies. */
  public static Collectors collectors(ControlPlaneConfig config, ServerStats stats) {
    ManagedProxy first = config.proxies().get(0);
    return collectors(first.mesh(), first.name(), first.role().proxyType(), stats);
  }

  /** The same for proxies that resource files describe. */
  public static Collectors collectors(OwnProxy first, ServerStats stats) {
    Meta meta = first.resource().meta();
    return collectors(meta.mesh(), meta.name(), first.role().proxyType(), stats);
  }

  private static Collectors collectors(String mesh, String name, String type, ServerStats stats) {
    String cluster = mesh.isEmpty() ? type : name;
    return new Collectors(new Collectors.Node(mesh + "." + name, cluster), stats, new Otlp());
  }

  /** Opens what a new configuration names, and closes what none of its chains names any more. */
  public void apply(ProxySnapshot snapshot) {
    logs.apply(snapshot);
    Set<TracingSpec.Provider> tracing = new HashSet<>();
    Set<LogTarget.OpenTelemetry> logging = new HashSet<>();
    for (ListenerSpec listener : snapshot.listeners()) {
      for (ChainSpec chain : listener.chains()) {
        for (AccessLogSpec each : ChainLogs.logs(chain.terminal())) {
          if (each.sink() instanceof LogTarget.OpenTelemetry to) {
            logging.add(to);
          }
        }
        if (chain.terminal() instanceof Terminal.HttpProxy proxy) {
          proxy.http().tracing().ifPresent(spec -> tracing.add(spec.provider()));
        }
      }
    }
    collectors.retain(tracing, logging);
  }
}
