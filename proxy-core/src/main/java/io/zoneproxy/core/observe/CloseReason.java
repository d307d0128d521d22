package io.zoneproxy.core.observe;

import static io.zoneproxy.core.observe.Origin.DOWNSTREAM;
import static io.zoneproxy.core.observe.Origin.NONE;
import static io.zoneproxy.core.observe.Origin.PROXY;
import static io.zoneproxy.core.observe.Origin.UPSTREAM;

/** Why a connection ended: one reason each, also for those refused. */
public enum CloseReason {
  /** Both sides sent FIN and everything was delivered. */
  DONE(NONE),
  /** No byte either way for the idle timeout. */
  IDLE(NONE),
  /** One half was closed and the other stayed silent for the half-closed timeout. */
  HALF_CLOSED_TIMEOUT(NONE),
  /** The connection reached its maximum age. */
  MAX_CONNECTION_TIME(NONE),

  /** Closed by the other side before a whole ClientHello, after at least one byte. */
  HELLO_INCOMPLETE(DOWNSTREAM),
  /** No whole ClientHello before the deadline. */
  HELLO_TIMEOUT(DOWNSTREAM),
  /** The first bytes are not a TLS handshake. */
  NOT_TLS(DOWNSTREAM),
  /** A TLS handshake that breaks the ClientHello's grammar. */
  MALFORMED_HELLO(DOWNSTREAM),
  /** A ClientHello over the size limit. */
  HELLO_TOO_LONG(DOWNSTREAM),
  /** A whole ClientHello without a server name, and no chain takes that. */
  NO_SNI(DOWNSTREAM),
  /** No chain takes this server name. */
  NO_ROUTE(DOWNSTREAM),
  /** The downstream sent RST. */
  DOWNSTREAM_RESET(DOWNSTREAM),
  /** The TLS handshake that this proxy was to end has failed; the detail says why. */
  TLS_FAILED(DOWNSTREAM),
  /** The downstream left while an endpoint was still being dialed. */
  DOWNSTREAM_GONE(DOWNSTREAM),

  /** The cluster has no endpoint for this chain. */
  NO_ENDPOINT(UPSTREAM),
  /** No endpoint could be connected to. */
  CONNECT_FAILED(UPSTREAM),
  /** No endpoint's TLS was good enough, or it would not shake hands; the detail says why. */
  UPSTREAM_TLS_FAILED(UPSTREAM),
  /** No endpoint answered within the connect timeout. */
  CONNECT_TIMEOUT(UPSTREAM),
  /** The upstream sent RST. */
  UPSTREAM_RESET(UPSTREAM),
  /** What the upstream sent is no HTTP. */
  UPSTREAM_PROTOCOL_ERROR(UPSTREAM),
  /** Every endpoint tried closed before its first byte. */
  UPSTREAM_CLOSED_EARLY(UPSTREAM),

  /** The chain's permissions do not let it pass; the detail names the policy. */
  DENIED(PROXY),
  /** The chain takes only so many connections in a time, and these were more. */
  RATE_LIMITED(PROXY),
  /** The chain refuses everybody: the detail says what it lacks, a secret or a file for example. */
  REFUSED(PROXY),
  /** The chain needs what this proxy cannot do; the detail says what. */
  NOT_SUPPORTED(PROXY),
  /** Over the limit of connections, of the listener or in all. */
  CONNECTION_LIMIT(PROXY),
  /** Over a limit of the cluster: its circuit breaker (Envoy's flag UO). */
  UPSTREAM_LIMIT(PROXY),
  /** The process has no file descriptor left (EMFILE, ENFILE). */
  NO_DESCRIPTORS(PROXY),
  /** No memory left for buffers. */
  NO_MEMORY(PROXY),
  /** No free local port towards the endpoint (EADDRNOTAVAIL). */
  NO_LOCAL_PORT(PROXY),
  /** The chain that the connection was pinned to was removed, and the policy ends such ones. */
  CHAIN_REMOVED(PROXY),
  /** Cut at the end of a drain. */
  DRAINED(PROXY),
  /** A mistake of this program; always logged as an error. */
  INTERNAL(PROXY);

  private final Origin origin;

  CloseReason(Origin origin) {
    this.origin = origin;
  }

  /** Whose doing it was. */
  public Origin origin() {
    return origin;
  }

  /**
   * The flags by which Envoy's access logs tell why ({@code %RESPONSE_FLAGS%}).
   *
   * @return one or several, separated by commas; {@code -} when Envoy has none for it
   */
  public String responseFlags() {
    return switch (this) {
      case NO_ROUTE, NO_SNI, NOT_TLS, MALFORMED_HELLO -> "NR";
      case DOWNSTREAM_RESET, DOWNSTREAM_GONE -> "DC";
      case NO_ENDPOINT -> "UH";
      case CONNECT_FAILED, CONNECT_TIMEOUT, UPSTREAM_TLS_FAILED, NO_LOCAL_PORT ->
          "UF,URX"; // as its TCP proxy has it
      case UPSTREAM_RESET, UPSTREAM_CLOSED_EARLY -> "UC";
      case MAX_CONNECTION_TIME -> "DT";
      case DENIED -> "UAEX";
      case RATE_LIMITED -> "RL";
      case REFUSED -> "NC";
      case CONNECTION_LIMIT, NO_DESCRIPTORS, NO_MEMORY -> "OM";
      default -> "-";
    };
  }
}
