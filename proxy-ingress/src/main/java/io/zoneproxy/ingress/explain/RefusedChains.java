package io.zoneproxy.ingress.explain;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ProxyView;
import io.zoneproxy.ingress.translate.ServerNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The chains of a running proxy that refuse every connection. */
public final class RefusedChains {
  /** What is said when there were some, and there are none now. */
  public static final String OVER = "no chain refuses every connection any more";

  private RefusedChains() {}

  /**
   * One of them.
   *
   * @param listener its listener's name
   * @param why what the access log says of its connections
   */
  public record Refused(String listener, ChainSpec chain, ProxyView.Refusal why) {
    /** As its control plane calls it, or by whom it serves. */
    public String name() {
      if (!chain.name().isEmpty()) {
        return chain.name();
      }
      return chain.serverName().isEmpty() ? listener : chain.serverName();
    }

    /** For operators. */
    public String reason() {
      return why.detail().isEmpty() ? why.reason().name() : why.detail();
    }

    /** Whether it waits for another version of this program, and not for something to be mended. */
    public boolean isUnsupported() {
      return why.reason() == CloseReason.NOT_SUPPORTED;
    }
  }

  /** In the order of the configuration. */
  public static List<Refused> of(ProxyView proxy) {
    List<Refused> found = new ArrayList<>();
    for (ListenerSpec listener : proxy.snapshot().listeners()) {
      for (ChainSpec chain : listener.chains()) {
        if (!chain.isPlainRelay() && !isMeant(chain)) { // most are, and need no second look
          refusal(proxy, listener, chain)
              .ifPresent(why -> found.add(new Refused(listener.name(), chain, why)));
        }
      }
    }
    return found;
  }

  /** A control plane without a service yet sends one that closes whatever comes: no filters. */
  private static boolean isMeant(ChainSpec chain) {
    return chain.serverName().isEmpty() && chain.terminal().equals(Terminal.Refusal.NO_FILTERS);
  }

  /** Why a chain refuses; empty when it does not. */
  static Optional<ProxyView.Refusal> refusal(
      ProxyView proxy, ListenerSpec listener, ChainSpec chain) {
    boolean plain = chain.transport() == TransportProtocol.PLAIN || !listener.peek().clientHello();
    return proxy.refusal(
        listener.name(),
        ServerNames.lowerCase(chain.serverName()),
        plain ? TransportProtocol.PLAIN : TransportProtocol.TLS);
  }
}
