package io.zoneproxy.core.route;

import io.netty.channel.Channel;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.upstream.Cluster;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Serves the chains that are more than a relay of bytes: those that end TLS or speak HTTP. Asked
 * while a snapshot is applied, one chain at a time, on the thread that applies; must not block.
 */
@FunctionalInterface
public interface ChainEngine {
  /** Serves none. */
  ChainEngine NONE = (listener, chain, snapshot, clusters) -> new Unsupported(what(chain));

  /** Whether a chain can be served. */
  sealed interface Outcome {}

  /**
   * It can.
   *
   * @param install puts handlers into the pipeline of a fresh downstream, on its event loop; the
   *     first thing they read is what was peeked at
   * @param own whether the proxy itself answers (admin, probes, metrics): a drain does not wait for
   *     such connections, and the log of connections leaves them out
   * @param holds whether what was made would be made alike for a later snapshot in which the chain
   *     and its secrets are equal; asked while that is applied
   */
  record Handlers(Consumer<Channel> install, boolean own, Predicate<ProxySnapshot> holds)
      implements Outcome {
    /** Made of the chain and its secrets alone, and not for the proxy itself. */
    public Handlers(Consumer<Channel> install) {
      this(install, false, next -> true);
    }
  }

  /** It cannot: its connections are refused. It is asked again at the next update. */
  sealed interface Refused extends Outcome {
    /** For operators. */
    String why();

    /** What the access log says of its connections. */
    CloseReason reason();
  }

  /**
   * Not as things are: something that it needs is not there, or is of no use.
   *
   * @param why for example {@code secret X: has not arrived}
   */
  record Unavailable(String why) implements Refused {
    @Override
    public CloseReason reason() {
      return CloseReason.REFUSED;
    }
  }

  /**
   * Not with this program.
   *
   * @param why what it cannot do
   */
  record Unsupported(String why) implements Refused {
    @Override
    public CloseReason reason() {
      return CloseReason.NOT_SUPPORTED;
    }
  }

  /**
   * Makes what serves a chain. As long as the chain, the rest of its listener, and the secrets stay
   * equal that the chain and its clusters name, what was made serves on, unless {@link
   * Handlers#holds} says no: nothing else of the snapshot may be kept.
   *
   * @param listener that has the chain
   * @param chain with everything before and at its end
   * @param snapshot that is being applied
   * @param clusters finds the running cluster of a name; it may be kept, for updates change it in
   *     place
   */
  Outcome engine(
      ListenerSpec listener,
      ChainSpec chain,
      ProxySnapshot snapshot,
      Function<String, Cluster> clusters);

  /** The proxy drains: connections are to end with the next answer. Any thread; never blocks. */
  default void onDrain() {}

  private static String what(ChainSpec chain) {
    String end = chain.terminal().getClass().getSimpleName();
    return (chain.tls().isPresent() ? "TLS that ends here, " : "") + end + ": not supported yet";
  }
}
