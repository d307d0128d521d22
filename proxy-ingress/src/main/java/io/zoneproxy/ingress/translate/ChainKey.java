package io.zoneproxy.ingress.translate;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ListenerSpec;

/**
 * Which chain of a configuration of files is meant: with both roles in a process a server name has
 * one in each listener.
 *
 * @param listener its name
 */
public record ChainKey(String listener, String serverName) {
  /** Of a listener's chain. */
  public static ChainKey of(ListenerSpec listener, ChainSpec chain) {
    return new ChainKey(listener.name(), chain.serverName());
  }
}
