package io.zoneproxy.core.route;

import io.netty.channel.Channel;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import java.util.function.Consumer;

/** Makes the handlers of chains that do more than relay bytes as they come. */
@FunctionalInterface
public interface ChainEngine {
  /**
   * What serves a chain's connections. Called while a snapshot is applied, off the data path; the
   * same chain is asked for again with each snapshot.
   *
   * @param listener of the chain
   * @param chain what is asked for
   * @param snapshot with the clusters and secrets that the chain names
   */
  Outcome engine(ListenerSpec listener, ChainSpec chain, ProxySnapshot snapshot);

  /** The chain's handlers, or why there are none. */
  sealed interface Outcome {}

  /**
   * The chain can be served.
   *
   * @param install puts handlers into the pipeline of a fresh downstream, on its event loop; what
   *     was peeked at is the first thing they read
   */
  record Handlers(Consumer<Channel> install) implements Outcome {}

  /**
   * The chain's connections are refused.
   *
   * @param why for operators, for example {@code secret mesh_ca:secret:default: has not arrived}
   */
  record Unavailable(String why) implements Outcome {}
}
