package io.zoneproxy.core.relay;

import io.zoneproxy.core.policy.ConnectionGate;
import io.zoneproxy.core.route.FilterChain;
import io.zoneproxy.core.route.Opening;

/** Picks the filter chain of a connection; the same for every relay. */
public final class Matching {
  private Matching() {}

  /**
   * Asks the table in force, once a connection, and the gate of the chain that it finds. On the
   * connection's event loop.
   *
   * @param opening what the connection began with
   * @return what becomes of it; a chain whose gate does not let it pass is a refusal
   */
  public static FilterChain match(ListenerContext context, ConnectionBook book, Opening opening) {
    // Noted before the table is asked: an update that swaps tables in between finds either the
    // opening noted, or its own table asked.
    book.opened(opening);
    FilterChain chain = context.table().get().match(opening);
    book.matched(chain);
    if (chain instanceof FilterChain.Passthrough to) {
      ConnectionGate.Refusal refusal =
          to.gate().refusal(book.source(), opening.serverName(), context.stats());
      if (refusal != null) {
        return new FilterChain.Refuse(
            to.name(), to.chainName(), to.accessLogs(), refusal.reason(), refusal.detail(), false);
      }
    }
    return chain;
  }

  /**
   * What is known of a connection when its peek has ended.
   *
   * @param outcome either {@link Peek.Outcome#COMPLETE} or {@link Peek.Outcome#NOT_TLS}
   */
  public static Opening opening(Peek peek, Peek.Outcome outcome) {
    return outcome == Peek.Outcome.COMPLETE ? Opening.tls(peek.serverName()) : Opening.PLAIN;
  }
}
