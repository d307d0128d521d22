package io.zoneproxy.ingress.driven;

import io.zoneproxy.core.config.yaml.Shown;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ProxyView;
import io.zoneproxy.ingress.explain.ChainVerdict;
import io.zoneproxy.ingress.translate.ServerNames;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Says which chains are refused because this version has no engine that serves them: one line when
 * there are others than before, at most one a {@link #PAUSE_NANOS}. Any thread.
 */
final class WaitingChains {
  /** Soon after a push, and no flood when services come one by one. */
  static final long PAUSE_NANOS = 1_000_000_000L;

  /** Chains that are named; the others are counted. */
  private static final int MOST_NAMED = 5;

  private final Consumer<String> warnings;
  private final ProxyView proxy;
  private final Executor later;
  private Map<String, String> told = Map.of(); // guarded by this, as all below
  private boolean awaited;

  /**
   * Nothing has been looked at yet.
   *
   * @param proxy whose chains they are; has the last word on what it serves
   * @param later runs a task after {@link #PAUSE_NANOS}
   */
  WaitingChains(Consumer<String> warnings, ProxyView proxy, Executor later) {
    this.warnings = warnings;
    this.proxy = proxy;
    this.later = later;
  }

  /** Another configuration is in force; the newest one is looked at, later. */
  synchronized void onApplied() {
    if (!awaited) {
      awaited = true;
      later.execute(this::look);
    }
  }

  private synchronized void look() {
    awaited = false;
    Map<String, String> found = find();
    proxy.server().controlPlane.chainsUnsupported.set(found.size());
    if (!found.equals(told)) {
      told = found;
      warnings.accept(found.isEmpty() ? "no chain waits for an engine any more" : text(found));
    }
  }

  /** By name in the order of the configuration, the filter that each waits for. */
  private Map<String, String> find() {
    ProxySnapshot snapshot = proxy.snapshot();
    Map<String, String> found = new LinkedHashMap<>();
    for (ListenerSpec listener : snapshot.listeners()) {
      for (ChainSpec chain : listener.chains()) {
        if (!isPlainRelay(chain) && isRefused(listener, chain)) {
          ChainVerdict verdict = ChainVerdict.of(chain, snapshot);
          if (verdict.action() == ChainVerdict.Action.WAITING) {
            found.put(name(listener, chain), filter(verdict));
          }
        }
      }
    }
    return found;
  }

  /** Most are, and need no second look. */
  private static boolean isPlainRelay(ChainSpec chain) {
    return chain.tls().isEmpty() && chain.terminal() instanceof Terminal.TcpProxy;
  }

  private boolean isRefused(ListenerSpec listener, ChainSpec chain) {
    boolean plain = chain.transport() == TransportProtocol.PLAIN || !listener.peek().clientHello();
    return proxy
        .refusal(
            listener.name(),
            ServerNames.lowerCase(chain.serverName()),
            plain ? TransportProtocol.PLAIN : TransportProtocol.TLS)
        .filter(refusal -> refusal.reason() == CloseReason.NOT_SUPPORTED)
        .isPresent();
  }

  private static String name(ListenerSpec listener, ChainSpec chain) {
    if (!chain.serverName().isEmpty()) {
      return chain.serverName();
    }
    return chain.name().isEmpty() ? listener.name() : chain.name();
  }

  /** The reason of a chain that waits begins with it. */
  private static String filter(ChainVerdict verdict) {
    return verdict.reason().substring(0, Math.max(0, verdict.reason().indexOf(':')));
  }

  private static String text(Map<String, String> found) {
    String named =
        found.entrySet().stream()
            .limit(MOST_NAMED)
            .map(each -> Shown.text(each.getKey()) + " (" + each.getValue() + ")")
            .collect(Collectors.joining(", "));
    int more = found.size() - MOST_NAMED;
    return ("%s for an engine that this version does not have yet: %s%s; connections to %s are"
            + " refused, all others are served")
        .formatted(
            found.size() == 1 ? "1 chain waits" : found.size() + " chains wait",
            named,
            more > 0 ? " and " + more + " more" : "",
            found.size() == 1 ? "it" : "them");
  }
}
