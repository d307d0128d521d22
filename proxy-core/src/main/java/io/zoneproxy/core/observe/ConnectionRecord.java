package io.zoneproxy.core.observe;

import io.zoneproxy.core.model.log.AccessLogSpec;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a connection when it has ended: one record each, also when it was refused.
 *
 * @param id counts up from 1 in this process
 * @param listener name of the listener that accepted it
 * @param start when it was accepted
 * @param duration from accept to close
 * @param downstream address of the side that dialed; null when the socket was gone before it could
 *     be asked
 * @param serverName as sent, lower-cased, "" when there was none. A client chose it: escape it, and
 *     never use it as a label
 * @param tls of the downstream, when it ended here; null when it did not, or the handshake failed
 * @param chain server name of the matched chain, "" when none matched
 * @param chainName what the control plane calls that chain, "" when it does not
 * @param accessLogs that the chain asks for: one record each
 * @param cluster name of the chosen cluster, "" when none was
 * @param upstream the endpoint's address, null when none was connected
 * @param connectAttempts endpoints dialed for this connection
 * @param connectTime from the first dial to the connection in use; zero when none was
 * @param bytesUp sent to the upstream
 * @param bytesDown sent to the downstream
 * @param reason why it ended
 * @param detail more words on the reason, for example the system's error; "" when there are none
 */
public record ConnectionRecord(
    long id,
    String listener,
    Instant start,
    Duration duration,
    @Nullable SocketAddress downstream,
    String serverName,
    @Nullable TlsFacts tls,
    String chain,
    String chainName,
    List<AccessLogSpec> accessLogs,
    String cluster,
    @Nullable SocketAddress upstream,
    int connectAttempts,
    Duration connectTime,
    long bytesUp,
    long bytesDown,
    CloseReason reason,
    String detail) {
  public ConnectionRecord {
    accessLogs = List.copyOf(accessLogs);
  }
}
