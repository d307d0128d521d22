package io.zoneproxy.core.route;

import io.netty.channel.Channel;
import io.zoneproxy.core.model.TcpOptions;
import io.zoneproxy.core.model.log.AccessLogSpec;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.policy.ConnectionGate;
import io.zoneproxy.core.upstream.Upstreams;
import java.util.List;
import java.util.function.Consumer;

/** What becomes of a connection once its server name is known. No route is a chain, too. */
public sealed interface FilterChain {
  /** The server name it was configured with; "" for the one that takes everything else. */
  String name();

  /** What the control plane calls it; "" when it does not. */
  String chainName();

  /** Access logs of its own, beside the proxy's: one record a connection each. */
  List<AccessLogSpec> accessLogs();

  /** Whether they get one more record when the upstream is connected. */
  boolean logOnConnect();

  /** Whether live connections that it would take are right to live. */
  boolean keepsLive();

  /** Who may pass. */
  ConnectionGate gate();

  /**
   * Relays the bytes, TLS untouched.
   *
   * @param upstreams choose the endpoint
   * @param gate who may be relayed
   * @param options all else
   */
  record Passthrough(
      String name, String chainName, Upstreams upstreams, ConnectionGate gate, TcpOptions options)
      implements FilterChain {
    /** Everybody may be relayed, nothing else is said. */
    public Passthrough(String name, Upstreams upstreams) {
      this(name, "", upstreams, ConnectionGate.OPEN, TcpOptions.DEFAULT);
    }

    @Override
    public List<AccessLogSpec> accessLogs() {
      return options.accessLogs();
    }

    @Override
    public boolean logOnConnect() {
      return options.logOnConnect();
    }

    @Override
    public boolean keepsLive() {
      return true;
    }
  }

  /**
   * Gives the connection to Netty handlers, on a channel of the same event loop: for chains that
   * end TLS.
   *
   * @param options of what is relayed after that; the logs of requests are the handlers' own
   * @param keepsLive false for one that only answers and hangs up
   * @param own whether the proxy itself answers
   * @param gate who may pass; the handlers ask when they know who it is
   * @param handlers puts handlers into the pipeline of a fresh downstream; the first thing they
   *     read is what was peeked at. Called on the event loop
   */
  record Terminate(
      String name,
      String chainName,
      TcpOptions options,
      boolean keepsLive,
      boolean own,
      ConnectionGate gate,
      Consumer<Channel> handlers)
      implements FilterChain {
    /** Without access logs of its own, open to everybody. */
    public Terminate(String name, Consumer<Channel> handlers) {
      this(name, "", TcpOptions.DEFAULT, true, false, ConnectionGate.OPEN, handlers);
    }

    @Override
    public List<AccessLogSpec> accessLogs() {
      return options.accessLogs();
    }

    @Override
    public boolean logOnConnect() {
      return options.logOnConnect();
    }
  }

  /**
   * Closes the connection.
   *
   * @param reason what the access log says
   * @param detail more words on it; "" when there are none
   * @param keepsLive true for one that was not taken back, but cannot be served for now: who got in
   *     before may stay
   */
  record Refuse(
      String name,
      String chainName,
      List<AccessLogSpec> accessLogs,
      CloseReason reason,
      String detail,
      boolean keepsLive)
      implements FilterChain {
    /** No chain at all, or one without a name. */
    public Refuse(String name, CloseReason reason) {
      this(name, "", List.of(), reason, "", false);
    }

    @Override
    public boolean logOnConnect() {
      return false;
    }

    /** Whom it refuses does not depend on who asks. */
    @Override
    public ConnectionGate gate() {
      return ConnectionGate.OPEN;
    }
  }
}
