package io.zoneproxy.egress.e2e;

import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.observe.ConnectionObserver;
import io.zoneproxy.egress.e2e.KumaTexts.Instance;
import io.zoneproxy.ingress.ZoneProxy;
import io.zoneproxy.ingress.translate.ServerNames;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The egress of zone east and the ingress of zone west, with what is behind it. */
final class TwoZones implements AutoCloseable {
  static final String MESH = "default";
  static final String EAST = "east";
  static final String WEST = "west";

  /** Both zones' files have it. */
  static final String MESH_FILE = "mesh.yaml";

  /** East's file of west's ingress. */
  static final String WEST_FILE = "west.yaml";

  /** West's file of what runs there. */
  static final String DATAPLANES_FILE = "dataplanes.yaml";

  final ZoneFiles east;
  final ZoneFiles west;
  final RunningProxy ingress;
  final RunningProxy egress;

  private TwoZones(Plan plan) {
    west = ZoneFiles.in(plan.folder, WEST);
    west.put(MESH_FILE, plan.meshes);
    west.put(DATAPLANES_FILE, dataplanes(plan.instances));
    ingress = RunningProxy.ingress(WEST, west, plan::settings);
    east = ZoneFiles.in(plan.folder, EAST);
    east.put(MESH_FILE, plan.eastMeshes.isEmpty() ? plan.meshes : plan.eastMeshes);
    east.put(WEST_FILE, ingressWest(plan.announced()));
    east.put("zones.yaml", plan.zones);
    egress = RunningProxy.egress(EAST, east, plan::egressSettings);
  }

  static Plan in(Path folder) {
    return new Plan(folder);
  }

  /** The door that clients in east use. */
  InetSocketAddress door() {
    return egress.address();
  }

  /** West's ingress as east's files have it. */
  String ingressWest(List<Instance> announced) {
    return KumaTexts.ingress(
        WEST, "ingress-west", ingress.address(), KumaTexts.available(announced));
  }

  /** West's Dataplanes and, for each service, its MeshService. */
  static String dataplanes(List<Instance> instances) {
    return KumaTexts.documents(
        Stream.concat(
                instances.stream().map(KumaTexts::dataplane),
                instances.stream()
                    .map(each -> KumaTexts.meshService(each.mesh(), each.service()))
                    .distinct())
            .toList());
  }

  static String hashed(String service) {
    return ServerNames.ofMeshService(service, KumaTexts.SERVICE_PORT, MESH);
  }

  static String tagged(String service) {
    return service + "{mesh=" + MESH + "}";
  }

  /** Takes over both folders. */
  void reload() {
    ingress.reload();
    egress.reload();
  }

  int openConnections() {
    return egress.proxy.openConnections() + ingress.proxy.openConnections();
  }

  @Override
  public void close() {
    egress.close();
    ingress.close();
  }

  /** What is to run; each call gives the plan back. */
  static final class Plan {
    private final Path folder;
    private final List<Instance> instances = new ArrayList<>();
    private final List<Instance> ghosts = new ArrayList<>();
    private final List<String> hashedNames = new ArrayList<>();
    private String meshes = KumaTexts.mesh(MESH);
    private String eastMeshes = "";
    private String zones = KumaTexts.zone(WEST, true);
    private int concurrency = 1;
    private @Nullable ConnectionObserver observer;
    private ProxyConfig config = ProxyConfig.withMaxConnections(Integer.MAX_VALUE);

    private Plan(Path folder) {
      this.folder = folder;
    }

    Plan with(Instance... running) {
      instances.addAll(List.of(running));
      return this;
    }

    /** A service that west's ingress announces and nobody there offers. */
    Plan announcing(String service) {
      ghosts.add(Instance.of(service, 1));
      return this;
    }

    Plan meshes(String... texts) {
      meshes = KumaTexts.documents(texts);
      return this;
    }

    /** Meshes that east sees otherwise. */
    Plan eastMeshes(String... texts) {
      eastMeshes = KumaTexts.documents(texts);
      return this;
    }

    Plan zones(String text) {
      zones = text;
      return this;
    }

    Plan config(ProxyConfig settings) {
      config = settings;
      return this;
    }

    Plan concurrency(int loops) {
      concurrency = loops;
      return this;
    }

    /** Is told of the ends in the egress, in the place of {@link RunningProxy#closed}. */
    Plan egressObserver(ConnectionObserver told) {
      observer = told;
      return this;
    }

    /** The egress takes the hash form of this service too, for clients that send DNS names only. */
    Plan withHashedName(String service) {
      hashedNames.add(service);
      return this;
    }

    TwoZones start() {
      return new TwoZones(this);
    }

    private List<Instance> announced() {
      return Stream.concat(instances.stream(), ghosts.stream()).toList();
    }

    private ZoneProxy.Builder settings(ZoneProxy.Builder builder) {
      return builder.config(config).concurrency(concurrency);
    }

    private ZoneProxy.Builder egressSettings(ZoneProxy.Builder builder) {
      ConnectionObserver told = observer;
      if (told != null) {
        builder.observer(told);
      }
      return settings(builder).finish(this::withHashedNames);
    }

    private ProxySnapshot withHashedNames(ProxySnapshot snapshot) {
      List<ListenerSpec> listeners =
          snapshot.listeners().stream()
              .map(
                  listener ->
                      new ListenerSpec(
                          listener.name(),
                          listener.address(),
                          Stream.concat(listener.chains().stream(), hashedChains()).toList()))
              .toList();
      return new ProxySnapshot(listeners, snapshot.clusters());
    }

    private Stream<ChainSpec> hashedChains() {
      return hashedNames.stream()
          .map(service -> ChainSpec.passthrough(hashed(service), MESH + ":" + service, Map.of()));
    }
  }
}
