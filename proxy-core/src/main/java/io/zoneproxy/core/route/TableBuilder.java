package io.zoneproxy.core.route;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.NetworkFilter;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.TcpOptions;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.SecretSpec;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.policy.ConnectionGate;
import io.zoneproxy.core.upstream.Cluster;
import io.zoneproxy.core.upstream.Upstreams;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Builds routing tables. What an update does not concern is taken over from the table before: the
 * whole table when nothing of it changed, else what serves a chain and the tokens of its limits.
 * One thread at a time.
 */
public final class TableBuilder {
  /** When more than one chain in four has changed, building all of them is as quick. */
  private static final int ONE_CHANGED_IN = 4;

  private final ChainEngine engine;
  private final Function<String, Cluster> clusters;

  /**
   * @param engine serves chains that are more than a relay
   * @param clusters finds the running cluster of a name
   */
  public TableBuilder(ChainEngine engine, Function<String, Cluster> clusters) {
    this.engine = engine;
    this.clusters = clusters;
  }

  /**
   * The table of one listener.
   *
   * @param snapshot that has the listener
   * @param before the listener's table until now; {@link SniTable#EMPTY} for a new one
   * @return {@code before} when nothing of it changed
   * @throws IllegalArgumentException when two chains take the same connections
   */
  public SniTable table(ListenerSpec listener, ProxySnapshot snapshot, SniTable before) {
    if (!isCurrent(before, snapshot)) {
      return new Building(listener, snapshot, before).table();
    }
    return listener.equals(before.source())
        ? before
        : changed(listener, snapshot, before)
            .orElseGet(() -> new Building(listener, snapshot, before).table());
  }

  /**
   * The table before with some plain relays more, and some less: a new service among 100,000.
   *
   * @return empty when more than that has changed
   */
  private Optional<SniTable> changed(
      ListenerSpec listener, ProxySnapshot snapshot, SniTable before) {
    List<ChainSpec> gone = before.source().chainsNotIn(listener);
    List<ChainSpec> fresh = listener.chainsNotIn(before.source());
    int most = listener.chains().size() / ONE_CHANGED_IN;
    Building building = new Building(listener, snapshot, before);
    if (!building.sameListener
        || gone.size() + fresh.size() > most
        || !gone.stream().allMatch(TableBuilder::plainRelay)
        || !fresh.stream().allMatch(TableBuilder::plainRelay)) {
      return Optional.empty();
    }
    Optional<ChainIndex> index = before.index();
    index.ifPresent(
        into -> {
          gone.forEach(spec -> into.remove(SniTable.lowerCase(spec.serverName())));
          fresh.forEach(spec -> into.add(spec.transport(), building.chain(spec)));
        });
    return index.map(into -> into.table(listener, before.made()));
  }

  /** One of which nothing is kept in the table. */
  private static boolean plainRelay(ChainSpec spec) {
    return spec.terminal() instanceof Terminal.TcpProxy
        && spec.transport() == TransportProtocol.TLS
        && spec.tls().isEmpty()
        && spec.filters().isEmpty();
  }

  /** Whether everything that was made with secrets would be made with the same ones now. */
  private static boolean isCurrent(SniTable table, ProxySnapshot snapshot) {
    for (Map.Entry<ChainSpec, SniTable.Made> each : table.made().entrySet()) {
      boolean engineIs = needsEngine(each.getKey());
      if (engineIs && !isCurrent(each.getKey(), each.getValue(), snapshot)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isCurrent(ChainSpec chain, SniTable.Made made, ProxySnapshot snapshot) {
    return made.chain() instanceof FilterChain.Terminate
        && made.secrets().equals(NamedSecrets.of(chain, snapshot))
        && made.holds().test(snapshot);
  }

  private static boolean needsEngine(ChainSpec chain) {
    Terminal end = chain.terminal();
    return !(end instanceof Terminal.Refusal)
        && (chain.tls().isPresent() || end instanceof Terminal.HttpProxy);
  }

  /** One table on its way. */
  private final class Building {
    private final ListenerSpec listener;
    private final ProxySnapshot snapshot;
    private final boolean sameListener;
    private final Map<ChainSpec, SniTable.Made> old;
    private final Map<ChainSpec, SniTable.Made> made = new HashMap<>();
    private @Nullable Map<Opening, ConnectionGate> gates; // of the table before, made when needed

    Building(ListenerSpec listener, ProxySnapshot snapshot, SniTable before) {
      this.listener = listener;
      this.snapshot = snapshot;
      this.old = before.made();
      ListenerSpec was = before.source();
      this.sameListener =
          was.name().equals(listener.name())
              && was.address().equals(listener.address())
              && was.peek().equals(listener.peek());
    }

    SniTable table() {
      ChainIndex index = new ChainIndex(listener.chains().size());
      listener.chains().forEach(spec -> index.add(spec.transport(), chain(spec)));
      return index.table(listener, Map.copyOf(made));
    }

    private FilterChain chain(ChainSpec spec) {
      String name = SniTable.lowerCase(spec.serverName());
      Terminal end = spec.terminal();
      if (needsEngine(spec)) {
        return engineOf(spec, name);
      } else if (end instanceof Terminal.TcpProxy relay) {
        return relay(spec, name, relay);
      } else if (end instanceof Terminal.DirectResponse answer) {
        return new FilterChain.Terminate(
            name,
            spec.name(),
            TcpOptions.DEFAULT,
            false,
            false,
            ConnectionGate.OPEN,
            DirectAnswer.of(answer.text()));
      } else if (end instanceof Terminal.Refusal refusal) {
        return refuse(spec, name, CloseReason.REFUSED, refusal.why(), false);
      }
      throw new IllegalStateException("chain " + name + ": " + end);
    }

    private FilterChain refuse(
        ChainSpec spec, String name, CloseReason reason, String why, boolean keepsLive) {
      return new FilterChain.Refuse(
          name, spec.name(), options(spec).accessLogs(), reason, why, keepsLive);
    }

    private FilterChain relay(ChainSpec spec, String name, Terminal.TcpProxy relay) {
      ConnectionGate gate;
      try {
        gate = gate(spec, name);
      } catch (IllegalArgumentException e) {
        return unsupported(spec, name, e);
      }
      FilterChain chain =
          new FilterChain.Passthrough(
              name, spec.name(), Upstreams.of(relay.to(), clusters), gate, relay.options());
      if (gate != ConnectionGate.OPEN) {
        made.put(spec, new SniTable.Made(chain, Map.of()));
      }
      return chain;
    }

    private ConnectionGate gate(ChainSpec spec, String name) {
      List<NetworkFilter> filters = spec.filters();
      if (filters.isEmpty()) {
        return ConnectionGate.OPEN;
      }
      int port = listener.address() instanceof HostPort at ? at.port() : 0;
      Opening key = new Opening(name, spec.transport());
      return ConnectionGate.of(filters, port, gates().getOrDefault(key, ConnectionGate.OPEN));
    }

    private Map<Opening, ConnectionGate> gates() {
      Map<Opening, ConnectionGate> known = gates;
      if (known == null) {
        Map<Opening, ConnectionGate> found = new HashMap<>();
        old.forEach(
            (spec, was) ->
                found.put(new Opening(was.chain().name(), spec.transport()), was.chain().gate()));
        gates = found;
        known = found;
      }
      return known;
    }

    private FilterChain engineOf(ChainSpec spec, String name) {
      SniTable.Made was = sameListener ? old.get(spec) : null;
      if (was != null && isCurrent(spec, was, snapshot)) {
        made.put(spec, was);
        return was.chain();
      }
      Map<SecretName, SecretSpec> secrets = NamedSecrets.of(spec, snapshot);
      ChainEngine.Outcome outcome = engine.engine(listener, spec, snapshot, clusters);
      SniTable.Made now =
          outcome instanceof ChainEngine.Handlers handlers
              ? new SniTable.Made(served(spec, name, handlers), secrets, handlers.holds())
              : new SniTable.Made(unserved(spec, name, (ChainEngine.Refused) outcome), secrets);
      made.put(spec, now);
      return now.chain();
    }

    private FilterChain served(ChainSpec spec, String name, ChainEngine.Handlers by) {
      try {
        return new FilterChain.Terminate(
            name, spec.name(), options(spec), true, by.own(), gate(spec, name), by.install());
      } catch (IllegalArgumentException e) {
        return unsupported(spec, name, e);
      }
    }

    /** Nothing is dropped in silence: nobody passes then. */
    private FilterChain unsupported(ChainSpec spec, String name, IllegalArgumentException problem) {
      return unserved(
          spec, name, new ChainEngine.Unsupported(String.valueOf(problem.getMessage())));
    }

    /** It was not taken back, so who got in before may stay. */
    private FilterChain unserved(ChainSpec spec, String name, ChainEngine.Refused refused) {
      return refuse(spec, name, refused.reason(), refused.why(), true);
    }

    /** Of connections: those of HTTP are about requests. */
    private static TcpOptions options(ChainSpec spec) {
      return spec.terminal() instanceof Terminal.TcpProxy relay
          ? relay.options()
          : TcpOptions.DEFAULT;
    }
  }
}
