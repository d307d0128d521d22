package io.zoneproxy.ingress.driven;

import io.zoneproxy.core.observe.ConnectionObserver;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.observe.access.ChainAccessLogs;
import io.zoneproxy.core.observe.access.format.LoggedConnection;

/**
 * Writes the access logs that chains ask for, beside the process's own.
 *
 * @param own told of every connection
 * @param chains write what a chain wants
 */
public record ChainLogs(ConnectionObserver own, ChainAccessLogs chains)
    implements ConnectionObserver {
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
