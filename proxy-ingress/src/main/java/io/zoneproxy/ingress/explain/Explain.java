package io.zoneproxy.ingress.explain;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ClusterStatus;
import io.zoneproxy.core.observe.ProxyView;
import io.zoneproxy.ingress.explain.Explanation.Route;
import io.zoneproxy.ingress.explain.Explanation.Target;
import io.zoneproxy.ingress.translate.ChainKey;
import io.zoneproxy.ingress.translate.ServerNameSuggestions;
import io.zoneproxy.ingress.translate.ServerNames;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Answers where a server name goes. Any thread. */
public final class Explain {
  private final ProxySnapshot snapshot;
  private final Map<ChainKey, String> refused;
  private final @Nullable ProxyView running; // null: nothing runs
  private final Targets targets;

  private Explain(
      ProxySnapshot snapshot, Map<ChainKey, String> refused, @Nullable ProxyView running) {
    this.snapshot = snapshot;
    this.refused = refused;
    this.running = running;
    Map<String, ClusterStatus> statuses = new HashMap<>();
    if (running != null) {
      running.clusters().forEach(each -> statuses.put(each.name(), each));
    }
    this.targets = new Targets(snapshot, statuses);
  }

  /** The same for a configuration of which every chain can be served. */
  public static Explanation explain(ProxySnapshot snapshot, String serverName) {
    return explain(snapshot, Map.of(), Question.about(serverName));
  }

  /**
   * Follows a server name through every listener of a configuration that does not run.
   *
   * @param refused why a chain would refuse every connection
   */
  public static Explanation explain(
      ProxySnapshot snapshot, Map<ChainKey, String> refused, Question question) {
    return new Explain(snapshot, refused, null).explain(question);
  }

  /**
   * The same with what a running proxy knows besides: who is healthy, and what cannot be served.
   */
  public static Explanation explain(ProxyView running, Question question) {
    return new Explain(running.snapshot(), Map.of(), running).explain(question);
  }

  private Explanation explain(Question question) {
    String serverName = question.serverName();
    List<Route> routes = new ArrayList<>();
    for (ListenerSpec listener : snapshot.listeners()) {
      match(listener, ServerNames.lowerCase(serverName))
          .filter(chain -> serverName.isEmpty() || isFor(chain))
          .ifPresent(chain -> routes.add(route(listener, chain, question.identity())));
    }
    return new Explanation(
        serverName,
        routes,
        routes.isEmpty() ? ServerNameSuggestions.nearest(serverName, serverNames()) : List.of());
  }

  /** What answers everybody, as an admin port does, knows no name. */
  private static boolean isFor(ChainSpec chain) {
    return !chain.serverName().isEmpty() || chain.terminal() instanceof Terminal.TcpProxy;
  }

  /**
   * The same order as a listener's: the name itself, the longest suffix, the chains for the rest;
   * among those of one name the one for TLS. Who sends no name may also not speak TLS.
   */
  private static Optional<ChainSpec> match(ListenerSpec listener, String serverName) {
    Optional<String> name =
        listener.chains().stream()
            .map(chain -> ServerNames.lowerCase(chain.serverName()))
            .filter(chain -> takes(chain, serverName))
            .max(
                Comparator.comparing((String chain) -> chain.equals(serverName))
                    .thenComparing(String::length));
    boolean plainToo = serverName.isEmpty();
    return listener.chains().stream()
        .filter(chain -> name.equals(Optional.of(ServerNames.lowerCase(chain.serverName()))))
        .filter(chain -> plainToo || chain.transport() != TransportProtocol.PLAIN)
        .min(Comparator.comparing(chain -> chain.transport() != TransportProtocol.TLS));
  }

  private static boolean takes(String chain, String serverName) {
    return chain.isEmpty()
        || chain.equals(serverName)
        || (chain.startsWith("*.") && serverName.endsWith(chain.substring(1)));
  }

  private Set<String> serverNames() {
    Set<String> names = new LinkedHashSet<>();
    for (ListenerSpec listener : snapshot.listeners()) {
      listener.chains().forEach(chain -> names.add(ServerNames.lowerCase(chain.serverName())));
    }
    return names;
  }

  private Route route(ListenerSpec listener, ChainSpec chain, List<String> identity) {
    ChainVerdict verdict = verdict(listener, chain);
    List<Target> to = targets.of(chain.terminal());
    return new Route(
        listener.name(),
        listener.address(),
        chain.serverName(),
        chain.name(),
        verdict.action().toString(),
        verdict.reason(),
        FilterText.of(chain),
        identity.isEmpty() ? Optional.empty() : Optional.of(caller(listener, chain, identity)),
        to);
  }

  private Explanation.Caller caller(ListenerSpec listener, ChainSpec chain, List<String> identity) {
    CallerVerdict verdict = CallerVerdict.of(listener, chain, snapshot, identity);
    return new Explanation.Caller(
        identity.get(0), verdict.allowed(), verdict.policy(), verdict.why());
  }

  /** The running proxy has the last word on what it cannot serve; it may be able to do more. */
  private ChainVerdict verdict(ListenerSpec listener, ChainSpec chain) {
    ChainVerdict verdict = ChainVerdict.of(chain, snapshot);
    ProxyView proxy = running;
    if (proxy == null) {
      String why = refused.get(ChainKey.of(listener, chain));
      return why == null
          ? verdict
          : new ChainVerdict(ChainVerdict.Action.REFUSED, why, verdict.clusters());
    }
    Optional<ProxyView.Refusal> refusal = RefusedChains.refusal(proxy, listener, chain);
    if (refusal.isPresent()) {
      ProxyView.Refusal why = refusal.get();
      boolean said = why.reason() == CloseReason.REFUSED; // by the action already
      String text =
          Stream.of(said ? "" : why.reason().name(), why.detail())
              .filter(each -> !each.isEmpty())
              .reduce("%s: %s"::formatted)
              .orElse("");
      return new ChainVerdict(ChainVerdict.Action.REFUSED, text, verdict.clusters());
    }
    return verdict.action() == ChainVerdict.Action.WAITING
        ? new ChainVerdict(ChainVerdict.Action.TERMINATE, "", verdict.clusters())
        : verdict;
  }
}
