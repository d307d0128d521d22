package io.zoneproxy.egress.demo;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What stands where in the demo's mesh.
 *
 * @param folder where its files are, deleted at the end
 * @param instances the services' instances, with the ports that they listen on
 * @param doors by zone: the addresses that the proxies have to bind
 */
public record DemoWorld(Path folder, List<Instance> instances, Map<String, Doors> doors) {
  /** The only mesh. */
  public static final String MESH = "default";

  /** The zones, in the order shown. */
  public static final List<String> ZONES = List.of("east", "west");

  /** Where everything listens: never the JVM's choice, which may be {@code ::1}. */
  static final String LOOPBACK = "127.0.0.1";

  /** The port in a MeshService's server name; nothing listens on it. */
  static final int SERVICE_PORT = 80;

  /** Two and three instances, so that shares differ; one service in one zone only. */
  private static final List<Instance> PLAN =
      List.of(
          new Instance("echo-east-1", "echo", "east", "v1", 0),
          new Instance("echo-east-2", "echo", "east", "v2", 0),
          new Instance("echo-west-1", "echo", "west", "v1", 0),
          new Instance("echo-west-2", "echo", "west", "v1", 0),
          new Instance("echo-west-3", "echo", "west", "v2", 0),
          new Instance("ledger-west-1", "ledger", "west", "v1", 0));

  /** Each direction has a plain name and one that chooses a subset by tag. */
  private static final List<Flow> FLOWS =
      List.of(
          new Flow("east", "west", "echo", Map.of()),
          new Flow("east", "west", "echo", Map.of("version", "v1")),
          new Flow("east", "west", "ledger", Map.of()),
          new Flow("west", "east", "echo", Map.of()),
          new Flow("west", "east", "echo", Map.of("version", "v2")));

  public DemoWorld {
    instances = List.copyOf(instances);
    doors = Map.copyOf(doors);
  }

  /** The instances to start; their ports are 0, for the kernel to choose. */
  static List<Instance> plan() {
    return PLAN;
  }

  /** What is sent, both directions. */
  static List<Flow> flows() {
    return FLOWS;
  }

  /**
   * The doors of a zone.
   *
   * @throws IllegalArgumentException when there is no such zone
   */
  public Doors doors(String zone) {
    Doors found = doors.get(zone);
    if (found == null) {
      throw new IllegalArgumentException("zone: " + zone + " (expected: one of " + ZONES + ")");
    }
    return found;
  }

  /** The folder with a zone's resource files, to be read as {@code --resources}. */
  public Path resources(String zone) {
    return folder.resolve(zone).resolve("resources");
  }

  /** The file with a zone's own ZoneEgress, to be read as {@code --dataplane-file}. */
  public Path egressFile(String zone) {
    return folder.resolve(zone).resolve("egress.yaml");
  }

  /** The file with a zone's own ZoneIngress, to be read as {@code --dataplane-file}. */
  public Path ingressFile(String zone) {
    return folder.resolve(zone).resolve("ingress.yaml");
  }

  /** The instances of one zone. */
  List<Instance> in(String zone) {
    return instances.stream().filter(instance -> instance.zone().equals(zone)).toList();
  }

  /** The instances that may answer a flow; they carry equal weight. */
  List<Instance> targets(Flow flow) {
    return in(flow.to()).stream().filter(flow::allows).toList();
  }

  /**
   * The addresses of a zone's proxies.
   *
   * @param egress where its services go to leave the zone
   * @param ingress where other zones enter, bound and advertised alike
   */
  public record Doors(InetSocketAddress egress, InetSocketAddress ingress) {}

  /**
   * One process of a service.
   *
   * @param name of its Dataplane
   * @param service the tag {@code kuma.io/service}
   * @param zone where it runs
   * @param version the tag {@code version}
   * @param port on 127.0.0.1; 0 before it listens
   */
  public record Instance(String name, String service, String zone, String version, int port) {
    Instance listeningOn(int bound) {
      return new Instance(name, service, zone, version, bound);
    }

    /** The tags of its Dataplane's inbound. */
    Map<String, String> tags() {
      return Map.of(
          "kuma.io/service", service,
          "kuma.io/protocol", "http",
          "kuma.io/zone", zone,
          "version", version);
    }
  }

  /**
   * Requests of one kind.
   *
   * @param from the client's zone
   * @param to the service's zone
   * @param service whom it asks
   * @param tags what the instance must carry besides
   */
  record Flow(String from, String to, String service, Map<String, String> tags) {
    String serverName() {
      return DemoNames.tagForm(service, tags);
    }

    boolean allows(Instance instance) {
      return instance.service().equals(service)
          && instance.tags().entrySet().containsAll(tags.entrySet());
    }
  }
}
