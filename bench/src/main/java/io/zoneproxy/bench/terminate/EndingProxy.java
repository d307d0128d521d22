package io.zoneproxy.bench.terminate;

import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.observe.ConnectionObserver;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.observe.request.HttpStatsTable;
import io.zoneproxy.core.observe.request.RequestObserver;
import io.zoneproxy.core.trace.Tracers;
import io.zoneproxy.ingress.ZoneProxy;
import io.zoneproxy.ingress.serve.ServedChains;
import io.zoneproxy.tls.context.ClientContexts;
import io.zoneproxy.tls.context.TlsContexts;
import java.util.Map;

/** An egress as the program puts it together, with the bench's chains. */
final class EndingProxy implements AutoCloseable {
  private static final int MAX_CONNECTIONS = 20_000; // more than any workload opens

  private final TlsContexts ends = new TlsContexts();
  private final ClientContexts begins = new ClientContexts();
  private final ZoneProxy proxy;

  /**
   * Serves.
   *
   * @param loops event loops
   */
  EndingProxy(EndedChains chains, int loops) {
    ProxyConfig config = ProxyConfig.withMaxConnections(MAX_CONNECTIONS);
    proxy =
        ZoneProxy.builder()
            .config(config)
            .concurrency(loops)
            .observer(ConnectionObserver.NONE)
            .stats(new ServerStats())
            .engine(
                new ServedChains(
                    ends,
                    begins,
                    Map.of(),
                    config.relay(),
                    RequestObserver.NONE,
                    new HttpStatsTable(),
                    Tracers.UNREPORTED))
            .startEmpty();
    Map<String, String> problems = proxy.apply(chains.snapshot());
    if (!problems.isEmpty()) {
      close();
      throw new IllegalStateException(problems.toString());
    }
  }

  @Override
  public void close() {
    proxy.close();
    begins.close();
    ends.close();
  }
}
