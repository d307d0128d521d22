package io.zoneproxy.ingress.serve;

import io.zoneproxy.core.config.RelayConfig;
import io.zoneproxy.core.forward.HttpEngine;
import io.zoneproxy.core.http.HttpService;
import io.zoneproxy.core.http.InternalHttp;
import io.zoneproxy.core.model.Address;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.observe.request.HttpStatsTable;
import io.zoneproxy.core.observe.request.RequestObserver;
import io.zoneproxy.core.relay.portable.TerminatedTcp;
import io.zoneproxy.core.route.ChainEngine;
import io.zoneproxy.core.route.TlsOrigination;
import io.zoneproxy.core.route.TlsTermination;
import io.zoneproxy.core.trace.Tracers;
import io.zoneproxy.core.upstream.Cluster;
import java.util.Map;
import java.util.function.Function;

/** Serves the chains that are more than a relay, by what is at their end. Thread-safe. */
public final class ServedChains implements ChainEngine {
  private final ChainEngine relays;
  private final ChainEngine http;

  /**
   * @param tls ends TLS
   * @param origination begins it
   * @param parts the proxy's own parts by the addresses that clusters name
   * @param relay how upstreams are dialed
   * @param requests hears of every request that was forwarded, or refused
   * @param stats where connections and requests of HTTP are counted
   * @param tracers for chains that want spans of their requests
   */
  public ServedChains(
      TlsTermination tls,
      TlsOrigination origination,
      Map<Address, HttpService> parts,
      RelayConfig relay,
      RequestObserver requests,
      HttpStatsTable stats,
      Tracers tracers) {
    this.relays = new TerminatedTcp(tls, origination);
    ChainEngine forwards =
        new HttpEngine(
            tls,
            origination,
            relay.connectTimeout(),
            relay.maxConnectAttempts(),
            requests,
            stats,
            tracers);
    this.http = new InternalHttp(tls, parts, forwards);
  }

  @Override
  public Outcome engine(
      ListenerSpec listener,
      ChainSpec chain,
      ProxySnapshot snapshot,
      Function<String, Cluster> clusters) {
    ChainEngine by = chain.terminal() instanceof Terminal.TcpProxy ? relays : http;
    return by.engine(listener, chain, snapshot, clusters);
  }

  @Override
  public void onDrain() {
    relays.onDrain();
    http.onDrain();
  }
}
