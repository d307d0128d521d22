package io.zoneproxy.egress.demo;

import io.zoneproxy.core.config.Loaded;
import io.zoneproxy.core.config.OwnResource;
import io.zoneproxy.core.config.RelayConfig;
import io.zoneproxy.core.config.ResourceFolder;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.observe.request.HttpStatsTable;
import io.zoneproxy.core.observe.request.RequestObserver;
import io.zoneproxy.core.resource.Resource;
import io.zoneproxy.core.trace.Tracers;
import io.zoneproxy.egress.EgressRole;
import io.zoneproxy.egress.demo.DemoConnections.Door;
import io.zoneproxy.egress.demo.DemoWorld.Instance;
import io.zoneproxy.ingress.IngressRole;
import io.zoneproxy.ingress.OwnProxy;
import io.zoneproxy.ingress.ProxyRole;
import io.zoneproxy.ingress.ZoneProxy;
import io.zoneproxy.ingress.serve.ServedChains;
import io.zoneproxy.tls.context.ClientContexts;
import io.zoneproxy.tls.context.TlsContexts;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The demo's zone proxies: an egress and an ingress in each zone, as a user would start them. */
public final class DemoProxies implements DemoZoneProxies {
  private final Map<String, ZoneProxy> byDoor = new HashMap<>();
  private final TlsContexts ends = new TlsContexts();
  private final ClientContexts begins = new ClientContexts();

  private DemoProxies() {}

  /** Starts them, as {@link DemoZoneProxies.Factory} says. */
  public static DemoZoneProxies start(DemoWorld world, DemoConnections seen) throws IOException {
    DemoProxies proxies = new DemoProxies();
    try {
      for (String zone : DemoWorld.ZONES) {
        proxies.add(world, seen, zone, Door.INGRESS, new IngressRole(), world.ingressFile(zone));
        proxies.add(world, seen, zone, Door.EGRESS, new EgressRole(), world.egressFile(zone));
      }
      return proxies;
    } catch (IOException e) {
      proxies.close();
      throw e;
    }
  }

  private void add(
      DemoWorld world, DemoConnections seen, String zone, Door door, ProxyRole role, Path file)
      throws IOException {
    Loaded loaded = new ResourceFolder(world.resources(zone)).load();
    OwnProxy own = new OwnProxy(role, read(file, role));
    ZoneProxy.Builder builder =
        ZoneProxy.builder().zone(zone).own(own).concurrency(1).observer(seen.observer(zone, door));
    if (door == Door.EGRESS) {
      builder
          .finish(snapshot -> withHashedNames(snapshot, world, zone))
          .engine(engine())
          .secrets(own.secrets(zone, Optional.empty()));
    }
    try {
      byDoor.put(zone + door, builder.start(loaded.resources()));
    } catch (io.zoneproxy.core.listener.BindException e) {
      throw taken(e);
    }
  }

  /** Ends the mesh's TLS for external services, and begins theirs. */
  private ServedChains engine() {
    return new ServedChains(
        ends,
        begins,
        Map.of(),
        RelayConfig.DEFAULT,
        RequestObserver.NONE,
        new HttpStatsTable(),
        Tracers.UNREPORTED);
  }

  private static BindException taken(Exception cause) {
    BindException taken = new BindException(cause.getMessage());
    taken.initCause(cause);
    return taken;
  }

  private static Resource read(Path file, ProxyRole role) throws IOException {
    OwnResource own =
        OwnResource.read(
            file.toString(),
            InputStream.nullInputStream(),
            Map.of(),
            new OwnResource.Expected(List.of(role.ownKind()), "the demo"));
    return own.resource().orElseThrow(() -> new IOException(own.problems().toString()));
  }

  /**
   * curl sends no name with braces, and that is the only form that an egress of Kuma's takes. So
   * the demo's egresses take the hashed names too, which the ingresses take in any case.
   */
  private static ProxySnapshot withHashedNames(
      ProxySnapshot snapshot, DemoWorld world, String zone) {
    List<String> services =
        world.instances().stream()
            .filter(instance -> !instance.zone().equals(zone))
            .map(Instance::service)
            .distinct()
            .toList();
    List<ListenerSpec> listeners = new ArrayList<>();
    for (ListenerSpec listener : snapshot.listeners()) {
      List<ChainSpec> chains =
          Stream.concat(listener.chains().stream(), services.stream().map(DemoProxies::hashedChain))
              .toList();
      listeners.add(listener.withChains(chains));
    }
    return snapshot.next(listeners, snapshot.clusters(), snapshot.secrets());
  }

  private static ChainSpec hashedChain(String service) {
    return ChainSpec.passthrough(
        DemoNames.hashedForm(service, DemoWorld.SERVICE_PORT),
        DemoWorld.MESH + ":" + service,
        Map.of());
  }

  @Override
  public InetSocketAddress egress(String zone) {
    return address(zone, Door.EGRESS);
  }

  @Override
  public InetSocketAddress ingress(String zone) {
    return address(zone, Door.INGRESS);
  }

  private InetSocketAddress address(String zone, Door door) {
    ZoneProxy proxy = byDoor.get(zone + door);
    if (proxy == null) {
      throw new IllegalArgumentException("zone: " + zone + " (expected: " + DemoWorld.ZONES + ")");
    }
    return proxy.view().listeners().get(0).address();
  }

  @Override
  public boolean egressTakesHashedNames() {
    return true;
  }

  @Override
  public boolean reachesOutside() {
    return true;
  }

  @Override
  public void close() {
    byDoor.values().forEach(ZoneProxy::close);
    byDoor.clear();
    ends.close();
    begins.close();
  }
}
