package io.zoneproxy.core.relay;

import io.zoneproxy.core.config.RelayConfig;
import io.zoneproxy.core.model.TcpOptions;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.route.FilterChain;
import io.zoneproxy.core.upstream.Cluster;
import io.zoneproxy.core.upstream.Endpoint;
import io.zoneproxy.core.upstream.Picker;
import io.zoneproxy.core.upstream.Upstreams;
import io.zoneproxy.core.upstream.balance.ConnectionHash;
import io.zoneproxy.core.upstream.tunnel.Tunnel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which endpoint one connection dials: the one whose turn it is, and after a failure another, each
 * at most once. On the connection's event loop only.
 */
public final class Attempts {
  /**
   * One dial.
   *
   * @param address of the endpoint, chosen for this dial
   */
  public record Attempt(Endpoint endpoint, InetSocketAddress address) {}

  private final Picker picker;
  private final long hash;
  private final RelayConfig config;
  private final ConnectionBook book;
  private final List<Endpoint> tried = new ArrayList<>(1);
  private CloseReason reason = CloseReason.NO_ENDPOINT;
  private String detail;
  private boolean futile;

  /**
   * Those of a connection of a chain; its cluster is chosen now, and the book is told.
   *
   * @param book is told of every attempt
   */
  public Attempts(FilterChain.Passthrough chain, RelayConfig config, ConnectionBook book) {
    this(chain.upstreams(), chain.options(), config, book);
  }

  /** The same for any chain that relays. */
  public Attempts(
      Upstreams upstreams, TcpOptions options, RelayConfig config, ConnectionBook book) {
    this(upstreams.choose(), ConnectionHash.of(options.hash(), book.downstream()), config, book);
    book.chose(picker.cluster().name(), picker.cluster().stats());
  }

  /**
   * @param picker chooses endpoints
   * @param hash what a balancer by hash looks at, 0 for none
   * @param book is told of every attempt
   */
  Attempts(Picker picker, long hash, RelayConfig config, ConnectionBook book) {
    this.picker = picker;
    this.hash = hash;
    this.config = config;
    this.book = book;
    this.detail = picker.cluster().name();
  }

  /** Where it goes. */
  public Cluster cluster() {
    return picker.cluster();
  }

  /** For how long one dial may go on. */
  public Duration timeout() {
    return picker.cluster().connectTimeout(config.connectTimeout());
  }

  /** Whether another endpoint could be tried; takes no turn. */
  public boolean hasNext() {
    return allowed() && picker.hasOther(tried);
  }

  /** The next endpoint to dial; null when none is left: then {@link #reason} says why. */
  public @Nullable Attempt next() {
    Endpoint endpoint = allowed() ? picker.pick(tried, hash) : null;
    InetSocketAddress address = endpoint == null ? null : endpoint.dialAddress();
    if (endpoint == null || address == null) {
      if (reason == CloseReason.NO_ENDPOINT) {
        detail = picker.cluster().withoutEndpoint();
      }
      return null;
    }
    if (!book.hasDescriptor()) {
      reason = CloseReason.NO_DESCRIPTORS;
      detail = "none is left to dial " + endpoint;
      futile = true;
      return null;
    }
    if (!book.dial(picker.cluster())) {
      reason = CloseReason.UPSTREAM_LIMIT;
      detail = picker.cluster().name();
      futile = true; // the limit is the cluster's: another endpoint would fare no better
      return null;
    }
    if (!tried.isEmpty()) {
      book.failedOver();
    }
    tried.add(endpoint);
    return new Attempt(endpoint, address);
  }

  /** An endpoint did not answer in time. */
  public void timedOut(Attempt attempt) {
    book.failed(attempt.endpoint(), true);
    picker.cluster().connectFailed(attempt.endpoint());
    reason = CloseReason.CONNECT_TIMEOUT;
    detail = "no answer from " + attempt.endpoint();
  }

  /** An endpoint took the connection, and TLS could not be begun with it. */
  public void tlsFailed(Attempt attempt, String why) {
    book.failed(attempt.endpoint(), false);
    picker.cluster().connectFailed(attempt.endpoint());
    reason = CloseReason.UPSTREAM_TLS_FAILED;
    detail = attempt.endpoint() + ": " + why;
  }

  /** The proxy on the way has not made one. */
  public void tunnelFailed(Attempt attempt, Tunnel.Failure failure) {
    book.failed(attempt.endpoint(), failure.reason() == CloseReason.CONNECT_TIMEOUT);
    if (failure.blamesEndpoint()) {
      picker.cluster().connectFailed(attempt.endpoint());
    }
    reason = failure.reason();
    detail = attempt.endpoint() + ": " + failure.words();
  }

  /** A dial has failed with the system's error. */
  public void failed(Attempt attempt, Throwable cause) {
    reason = reasonOf(cause);
    if (reason == CloseReason.CONNECT_FAILED && attempt.endpoint().tunnel().isPresent()) {
      Tunnel through = attempt.endpoint().tunnel().get();
      tunnelFailed(attempt, through.notConnected(SocketErrors.words(cause)));
      return;
    }
    detail = attempt.endpoint() + ": " + SocketErrors.words(cause);
    if (reason == CloseReason.NO_DESCRIPTORS) {
      futile = true; // ours alone: no endpoint is to blame, and another would fare no better
      book.hungUp();
    } else {
      book.failed(attempt.endpoint(), false);
      if (reason == CloseReason.CONNECT_FAILED) { // not when we had no local port
        picker.cluster().connectFailed(attempt.endpoint());
      }
    }
  }

  /** Why the last attempt failed, or that there was none to make. */
  public CloseReason reason() {
    return reason;
  }

  /** More about {@link #reason}. */
  public String detail() {
    return detail;
  }

  private boolean allowed() {
    return !futile && book.connectAttempts() < config.maxConnectAttempts();
  }

  private static CloseReason reasonOf(Throwable cause) {
    if (SocketErrors.noLocalPort(cause)) {
      return CloseReason.NO_LOCAL_PORT;
    }
    return SocketErrors.noDescriptors(cause)
        ? CloseReason.NO_DESCRIPTORS
        : CloseReason.CONNECT_FAILED;
  }
}
