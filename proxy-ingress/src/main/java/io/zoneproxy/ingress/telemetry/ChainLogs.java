package io.zoneproxy.ingress.telemetry;

import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.log.AccessLogSpec;
import io.zoneproxy.core.observe.ConnectionObserver;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.observe.access.ChainAccessLogs;
import io.zoneproxy.core.observe.access.operator.LoggedConnection;
import io.zoneproxy.core.observe.request.RequestObserver;
import io.zoneproxy.core.observe.request.RequestRecord;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes the access logs that chains ask for, beside the process's own.
 *
 * @param own told of every connection
 * @param ownRequests told of every request
 * @param chains write what a chain wants
 */
public record ChainLogs(ConnectionObserver own, RequestObserver ownRequests, ChainAccessLogs chains)
    implements ConnectionObserver, RequestObserver {
  /** Opens what a new configuration names, and closes what none of its chains names any more. */
  public void apply(ProxySnapshot snapshot) {
    chains.apply(
        snapshot.listeners().stream()
            .flatMap(listener -> listener.chains().stream())
            .flatMap(chain -> logs(chain.terminal()).stream())
            .collect(Collectors.toSet()));
  }

  /** Of connections, or of requests. */
  static List<AccessLogSpec> logs(Terminal terminal) {
    if (terminal instanceof Terminal.HttpProxy proxy) {
      return proxy.http().accessLogs();
    }
    return terminal instanceof Terminal.TcpProxy relay ? relay.options().accessLogs() : List.of();
  }

  @Override
  public void onEnded(RequestRecord ended) {
    ownRequests.onEnded(ended);
    if (!ended.accessLogs().isEmpty()) {
      chains.log(LoggedConnection.request(ended), ended.accessLogs());
    }
  }

  @Override
  public void onClosed(ConnectionRecord closed) {
    own.onClosed(closed);
    if (!closed.accessLogs().isEmpty()) {
      chains.log(LoggedConnection.ended(closed), closed.accessLogs());
    }
  }

  @Override
  public void onConnected(ConnectionRecord connected) {
    own.onConnected(connected);
    if (!connected.accessLogs().isEmpty()) {
      chains.log(LoggedConnection.connected(connected), connected.accessLogs());
    }
  }
}
