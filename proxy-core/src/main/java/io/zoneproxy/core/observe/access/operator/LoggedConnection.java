package io.zoneproxy.core.observe.access.operator;

import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.observe.TlsFacts;
import io.zoneproxy.core.observe.request.RequestRecord;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a record of a chain's access log can say of a connection. It is read on the thread of the
 * log, later: nothing of it may change. Whatever is not known is absent in the record.
 */
public interface LoggedConnection {
  /** When a record is written. */
  enum Moment {
    /** The upstream is connected. */
    CONNECTED("TcpUpstreamConnected"),
    /** The connection has ended. */
    ENDED("TcpConnectionEnd"),
    /** A request has ended, its connection may go on. */
    REQUEST_ENDED("DownstreamEnd");

    private final String label;

    Moment(String label) {
      this.label = label;
    }

    /** Envoy's word for it, {@code %ACCESS_LOG_TYPE%}. */
    public String label() {
      return label;
    }
  }

  /** A connection that has ended, of which no more is known than the record. */
  static LoggedConnection ended(ConnectionRecord record) {
    return () -> record;
  }

  /** A request that has ended. */
  static LoggedConnection request(RequestRecord record) {
    return LoggedRequest.of(record);
  }

  /** A connection whose upstream has just been connected. */
  static LoggedConnection connected(ConnectionRecord record) {
    return new LoggedConnection() {
      @Override
      public ConnectionRecord connection() {
        return record;
      }

      @Override
      public Moment moment() {
        return Moment.CONNECTED;
      }
    };
  }

  /** The connection as far as it has come. */
  ConnectionRecord connection();

  /** The request that the record is about; null when it is about the connection. */
  default @Nullable RequestRecord request() {
    return null;
  }

  /** When this record is written. */
  default Moment moment() {
    return Moment.ENDED;
  }

  /** What the control plane calls the chain, "" when it does not. */
  default String chainName() {
    return connection().chainName();
  }

  /** Envoy's short flags, separated by commas; "-" for none. */
  default String responseFlags() {
    return moment() == Moment.CONNECTED ? "-" : connection().reason().responseFlags();
  }

  /** Why this proxy ended it, in Envoy's words; "" when it did not. */
  default String terminationDetails() {
    return "";
  }

  /** Our end of the connection to the downstream; null when it is not known. */
  default @Nullable SocketAddress downstreamLocal() {
    return null;
  }

  /** Our end of the connection to the upstream; null when it is not known. */
  default @Nullable SocketAddress upstreamLocal() {
    return null;
  }

  /** URI SANs of the downstream's certificate, joined by commas; "" for none. */
  default String peerUriSan() {
    TlsFacts tls = connection().tls();
    return tls == null ? "" : String.join(",", tls.peerUris());
  }

  /** The first of them, which is what Envoy's conditions look at; "" for none. */
  default String firstPeerUri() {
    TlsFacts tls = connection().tls();
    return tls == null || tls.peerUris().isEmpty() ? "" : tls.peerUris().get(0);
  }
}
