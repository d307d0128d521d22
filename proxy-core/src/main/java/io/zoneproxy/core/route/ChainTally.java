package io.zoneproxy.core.route;

/**
 * How many of a listener's chains there are, by what they do. A chain counts here when it is for
 * what a mesh is for: it relays, or has a server name; those for metrics, readiness and the like do
 * not.
 *
 * @param routes all but those that were meant to refuse
 * @param serving of them those that do not refuse
 * @param refusing those with a server name that refuse every connection, for whatever reason
 */
record ChainTally(int routes, int serving, int refusing) {
  static final ChainTally NONE = new ChainTally(0, 0, 0);

  /** With one chain more (1) or less (-1). */
  ChainTally with(FilterChain chain, int by) {
    boolean named = !chain.name().isEmpty();
    if (!named && !(chain instanceof FilterChain.Passthrough)) {
      return this;
    }
    boolean refuses = chain instanceof FilterChain.Refuse;
    boolean route = chain.keepsLive();
    return new ChainTally(
        routes + (route ? by : 0),
        serving + (route && !refuses ? by : 0),
        refusing + (refuses ? by : 0));
  }
}
