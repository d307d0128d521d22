package io.zoneproxy.ingress;

import io.netty.channel.EventLoopGroup;
import io.zoneproxy.core.config.Loaded;
import io.zoneproxy.core.config.OwnResource;
import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.config.ResourceFolder;
import io.zoneproxy.core.listener.BindException;
import io.zoneproxy.core.observe.ConnectionObserver;
import io.zoneproxy.core.observe.ProxyView;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resource;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A zone ingress inside another JVM program. It logs through SLF4J, opens no port but its own,
 * keeps no static state, and several live in one JVM. Methods are for any thread but its event
 * loops.
 *
 * <pre>{@code
 * try (ZoneIngress ingress =
 *     ZoneIngress.builder()
 *         .zone("east")
 *         .resource(Files.readString(Path.of("ingress.yaml")))
 *         .resources(Path.of("mesh"))
 *         .start()) {
 *   …
 *   ingress.reload();
 * }
 * }</pre>
 */
public final class ZoneIngress implements AutoCloseable {
  private final ZoneProxy proxy;
  private final ResourceFolder folder;
  private final InetSocketAddress address;
  private final List<Problem> problems;

  private ZoneIngress(ZoneProxy proxy, ResourceFolder folder, List<Problem> problems) {
    this.proxy = proxy;
    this.folder = folder;
    this.address = proxy.view().listeners().get(0).address();
    this.problems = problems;
  }

  /** Begins with nothing but defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Where it listens; the port is the kernel's choice if the resource says 0. */
  public InetSocketAddress address() {
    return address;
  }

  /** What was odd, or not served, when it started; empty when all was good. */
  public List<Problem> problems() {
    return problems;
  }

  /**
   * Reads the resource files again and puts what is good in force: a file with an error keeps its
   * last good content. Live connections go on. Blocks on the file system.
   *
   * @return what is wrong, refused or not served; empty when all is good
   */
  public synchronized List<Problem> reload() {
    Loaded loaded = folder.load();
    List<Problem> problems = new ArrayList<>(loaded.problems());
    try {
      problems.addAll(proxy.apply(loaded.resources()));
    } catch (BindException e) {
      throw new IllegalStateException("the own address never changes", e);
    }
    return List.copyOf(problems);
  }

  /** What can be seen of it: listeners, clusters, counters. */
  public ProxyView view() {
    return proxy.view();
  }

  /** Connections open now. */
  public int openConnections() {
    return proxy.openConnections();
  }

  /**
   * Ends it gently, as {@link ProxyConfig#drain} says.
   *
   * @return completes with the number of connections that were cut; {@link #close} is still owed
   */
  public CompletableFuture<Integer> drain() {
    return proxy.drain();
  }

  /** Ends it at once; event loops that were given stay. */
  @Override
  public void close() {
    proxy.close();
  }

  /** Settings of an ingress that is to start. Not for use by several threads. */
  public static final class Builder {
    private final ZoneProxy.Builder proxy = ZoneProxy.builder();
    private @Nullable String zone;
    private @Nullable String resource;
    private @Nullable Path resources;

    private Builder() {}

    /** The own zone's name; needed. */
    public Builder zone(String name) {
      zone = name;
      proxy.zone(name);
      return this;
    }

    /** The text of its own {@code ZoneIngress} resource, YAML or JSON; needed. Port 0 is legal. */
    public Builder resource(String text) {
      resource = text;
      return this;
    }

    /** The folder, or file, of all other resources; needed. */
    public Builder resources(Path folderOrFile) {
      resources = folderOrFile;
      return this;
    }

    /** Limits and times; the command line's defaults otherwise. */
    public Builder config(ProxyConfig settings) {
      proxy.config(settings);
      return this;
    }

    /** How many event loops of its own; one for each CPU otherwise. At least 1. */
    public Builder concurrency(int threads) {
      proxy.concurrency(threads);
      return this;
    }

    /** Runs on these NIO event loops instead of its own; they are not shut down with it. */
    public Builder eventLoops(EventLoopGroup shared) {
      proxy.eventLoops(shared);
      return this;
    }

    /** Told of every connection's end, on its event loop. */
    public Builder observer(ConnectionObserver told) {
      proxy.observer(told);
      return this;
    }

    /**
     * Reads the resources and starts.
     *
     * @throws InvalidResourcesException with every error in them; nothing was started
     * @throws BindException when the address cannot be listened on; nothing is left behind
     */
    public ZoneIngress start() throws BindException {
      required(zone, "zone(…)");
      String text = required(resource, "resource(…)");
      ResourceFolder folder = new ResourceFolder(required(resources, "resources(…)"));
      IngressRole role = new IngressRole();
      OwnResource own =
          OwnResource.parse(
              "the own resource",
              text,
              Map.of(),
              new OwnResource.Expected(List.of(role.ownKind()), "ZoneIngress.builder()"));
      Resource described =
          own.resource().orElseThrow(() -> new InvalidResourcesException(own.problems()));
      Loaded loaded = folder.load();
      if (loaded.hasErrors()) {
        throw new InvalidResourcesException(loaded.problems());
      }
      ZoneProxy started = proxy.own(new OwnProxy(role, described)).start(loaded.resources());
      List<Problem> problems = new ArrayList<>(own.problems());
      problems.addAll(loaded.problems());
      problems.addAll(started.notices());
      return new ZoneIngress(started, folder, List.copyOf(problems));
    }

    private static <T> T required(@Nullable T value, String call) {
      if (value == null) {
        throw new IllegalStateException("missing: " + call + " on the builder");
      }
      return value;
    }
  }
}
