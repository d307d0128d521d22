package io.zoneproxy.egress;

import static io.zoneproxy.core.resource.Worlds.available;
import static io.zoneproxy.core.resource.Worlds.egress;
import static io.zoneproxy.core.resource.Worlds.ingress;
import static io.zoneproxy.core.resource.Worlds.mesh;
import static io.zoneproxy.core.resource.Worlds.zone;
import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.resource.Mesh.MeshServicesMode;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Worlds;
import io.zoneproxy.core.resource.ZoneEgress;
import io.zoneproxy.core.resource.ZoneIngress;
import io.zoneproxy.core.resource.ZoneIngress.AvailableService;
import io.zoneproxy.ingress.translate.IngressTranslator;
import io.zoneproxy.ingress.translate.Translation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class EgressTranslatorTest {
  @Test
  void twoZonesWithTagsOnlyAreServedAsKumaServesThem() {
    Translation translation =
        translate(
            Worlds.withDefaultMesh()
                .add(
                    ingress(
                        "zone-2",
                        "ingress-2",
                        "10.20.0.254",
                        20001,
                        backend(2, "v1"),
                        backend(1, "v2"),
                        available("default", "redis", 1, "kuma.io/protocol", "tcp"))));
    assertThat(translation.listeners())
        .extracting(ListenerSpec::name)
        .containsExactly("inbound:10.9.0.1:10002");
    assertThat(translation.clusters()).containsOnlyKeys("default:backend", "default:redis");
    assertThat(endpoints(translation, "default:backend"))
        .containsExactly(
            "zone-2/0 10.20.0.254:20001*2 {kuma.io/protocol=http, kuma.io/zone=zone-2,"
                + " mesh=default, version=v1}",
            "zone-2/0 10.20.0.254:20001*1 {kuma.io/protocol=http, kuma.io/zone=zone-2,"
                + " mesh=default, version=v2}");
    assertThat(chains(translation))
        .containsEntry("backend{mesh=default}", "default:backend{}")
        .containsEntry("redis{mesh=default}", "default:redis{}")
        .containsEntry("backend{mesh=default,version=v1}", "default:backend{version=v1}")
        .containsEntry(
            "backend{kuma.io/zone=zone-2,mesh=default,version=v2}",
            "default:backend{kuma.io/zone=zone-2, version=v2}")
        .hasSize(12 + 4);
    assertThat(translation.notices()).isEmpty();
    assertThat(translation.role()).isEqualTo("egress");
  }

  @Test
  void aServiceOfSeveralZonesHasALocalityForEach() {
    Translation translation =
        translate(
            Worlds.withDefaultMesh()
                .add(
                    ingress("zone-3", "i3", "10.30.0.254", 30001, backend(3, "v1")),
                    ingress("zone-2", "i2", "2001:db8::2", 20001, backend(1, "v1"))));
    assertThat(endpoints(translation, "default:backend"))
        .containsExactly(
            "zone-2/0 [2001:db8::2]:20001*1 {kuma.io/protocol=http, kuma.io/zone=zone-2,"
                + " mesh=default, version=v1}",
            "zone-3/0 10.30.0.254:30001*3 {kuma.io/protocol=http, kuma.io/zone=zone-3,"
                + " mesh=default, version=v1}");
    assertThat(chains(translation))
        .containsEntry(
            "backend{kuma.io/zone=zone-3,mesh=default}", "default:backend{kuma.io/zone=zone-3}");
  }

  @Test
  void aLocalityAwareMeshPutsOtherZonesInPriorityOne() {
    Translation translation =
        translate(
            Worlds.empty()
                .add(
                    mesh("default", true, true, true),
                    ingress("zone-2", "i2", "10.20.0.254", 20001, backend(1, "v1"))));
    assertThat(endpoints(translation, "default:backend"))
        .singleElement()
        .asString()
        .startsWith("zone-2/1 ");
  }

  @Test
  void replicasBehindOneLoadBalancerAreOneEndpointOfTheLargestCount() {
    Translation translation =
        translate(
            Worlds.withDefaultMesh()
                .add(
                    ingress("zone-2", "a", "LB.example.com", 20001, backend(3, "v1")),
                    ingress("zone-2", "b", "lb.example.com", 20001, backend(4, "v1")),
                    ingress("zone-2", "c", "lb.EXAMPLE.com", 20001, backend(3, "v1")),
                    ingress("zone-2", "d", "lb.example.com", 20002, backend(1, "v1"))));
    assertThat(endpoints(translation, "default:backend"))
        .satisfiesExactly(
            first -> assertThat(first).startsWith("zone-2/0 LB.example.com:20001*4 "),
            second -> assertThat(second).startsWith("zone-2/0 lb.example.com:20002*1 "));
  }

  @Test
  void equalTagsTwiceInOneIngressAreAddedUp() {
    Translation translation =
        translate(
            Worlds.withDefaultMesh()
                .add(
                    ingress(
                        "zone-2",
                        "a",
                        "10.20.0.254",
                        20001,
                        available("default", "db", 2),
                        available("default", "db", 3, "kuma.io/zone", "zone-2"))));
    assertThat(endpoints(translation, "default:db"))
        .containsExactly("zone-2/0 10.20.0.254:20001*5 {kuma.io/zone=zone-2, mesh=default}");
  }

  @Test
  void instancesBeyondAnIntAreTheLargestInt() {
    Translation translation =
        translate(
            Worlds.withDefaultMesh()
                .add(
                    ingress(
                        "zone-2",
                        "a",
                        "10.20.0.254",
                        20001,
                        available("default", "db", Integer.MAX_VALUE),
                        available("default", "db", Integer.MAX_VALUE))));
    assertThat(endpoints(translation, "default:db"))
        .singleElement()
        .asString()
        .contains("*" + Integer.MAX_VALUE);
  }

  @Test
  void ingressesOfTheOwnZoneAreNotUsed() {
    Translation translation =
        translate(
            Worlds.withDefaultMesh()
                .add(
                    ingress("zone-1", "named", "10.10.0.254", 10001, backend(1, "v1")),
                    ingress("", "nameless", "10.10.0.253", 10001, backend(1, "v1"))));
    assertThat(chains(translation)).isEmpty();
    assertThat(translation.listeners()).hasSize(1);
    assertThat(translation.notices()).isEmpty();
  }

  @Test
  void aDisabledZoneIsTakenOut() {
    Worlds world =
        Worlds.withDefaultMesh()
            .add(
                zone("zone-2", false),
                zone("zone-3", true),
                ingress("zone-2", "i2", "10.20.0.254", 20001, backend(1, "v1")),
                ingress("zone-3", "i3", "10.30.0.254", 30001, backend(1, "v1")),
                ingress("zone-4", "i4", "10.40.0.254", 40001, backend(1, "v1")));
    assertThat(endpoints(translate(world), "default:backend"))
        .hasSize(2)
        .noneMatch(endpoint -> endpoint.contains("10.20.0.254"));
  }

  @Test
  void anIngressWithoutAdvertisedAddressIsTold() {
    ZoneIngress hidden =
        ingress(
            "hidden",
            "zone-2",
            new HostPort("10.20.0.1", 10001),
            Optional.empty(),
            backend(1, "v1"));
    Translation translation = translate(Worlds.withDefaultMesh().add(hidden));
    assertThat(chains(translation)).isEmpty();
    assertThat(notices(translation))
        .singleElement()
        .asString()
        .startsWith("ZoneIngress-hidden.yaml:1 (document 1): networking.advertisedAddress: missing")
        .contains("zone-2", "ZoneIngress/hidden");
  }

  @Test
  void meshesAreKeptApart() {
    Translation translation =
        translate(
            Worlds.withDefaultMesh()
                .add(
                    mesh("team-b", MeshServicesMode.REACHABLE_BACKENDS),
                    ingress(
                        "zone-2",
                        "i2",
                        "10.20.0.254",
                        20001,
                        available("default", "api", 1),
                        available("team-b", "api", 2))));
    assertThat(chains(translation))
        .containsEntry("api{mesh=default}", "default:api{}")
        .containsEntry("api{mesh=team-b}", "team-b:api{}");
    assertThat(endpoints(translation, "team-b:api"))
        .containsExactly("zone-2/0 10.20.0.254:20001*2 {kuma.io/zone=zone-2, mesh=team-b}");
  }

  @Test
  void anExclusiveMeshHasNoTagForm() {
    Translation translation =
        translate(
            Worlds.empty()
                .add(
                    mesh("default", MeshServicesMode.EXCLUSIVE),
                    ingress("zone-2", "i2", "10.20.0.254", 20001, backend(1, "v1"))));
    assertThat(chains(translation)).isEmpty();
    assertThat(translation.clusters()).isEmpty();
    assertThat(translation.notices()).isEmpty();
  }

  @Test
  void aMeshWithoutZoneEgressHasNoChainsAndThatIsSaidOnce() {
    Translation translation =
        translate(
            Worlds.empty()
                .add(
                    mesh("no-egress", true, false, false),
                    ingress(
                        "zone-2",
                        "i2",
                        "10.20.0.254",
                        20001,
                        available("no-egress", "api", 1),
                        available("no-egress", "db", 1))));
    assertThat(chains(translation)).isEmpty();
    assertThat(notices(translation))
        .singleElement()
        .asString()
        .startsWith("Mesh-no-egress.yaml:1 (document 1): routing.zoneEgress: off");
  }

  @Test
  void aMeshWithoutMtlsAndIdentityIsNotServedAndThatIsSaidOnce() {
    Translation translation =
        translate(
            Worlds.empty()
                .add(
                    mesh("payments", false, true, false),
                    ingress(
                        "zone-2",
                        "i2",
                        "10.20.0.254",
                        20001,
                        available("payments", "api", 1),
                        available("payments", "db", 1))));
    assertThat(chains(translation)).isEmpty();
    assertThat(notices(translation))
        .singleElement()
        .asString()
        .contains("mesh payments is not served: it has neither");
  }

  @Test
  void aMeshIdentityStandsInForMtls() {
    Translation translation =
        translate(
            Worlds.empty()
                .add(
                    mesh("payments", false, true, false),
                    Worlds.identity("payments"),
                    ingress(
                        "zone-2", "i2", "10.20.0.254", 20001, available("payments", "api", 1))));
    assertThat(chains(translation)).containsKey("api{mesh=payments}");
  }

  @Test
  void aMeshWithoutResourceIsTold() {
    Translation translation =
        translate(
            Worlds.withDefaultMesh()
                .add(
                    ingress(
                        "zone-2",
                        "i2",
                        "10.20.0.254",
                        20001,
                        backend(1, "v1"),
                        available("ghost", "api", 1),
                        available("ghost", "db", 1))));
    assertThat(notices(translation))
        .containsExactly(
            "ZoneIngress-i2.yaml:1 (document 1): availableServices[1].mesh: mesh ghost is not"
                + " served: there is no Mesh resource of that name");
  }

  @Test
  void aServiceWithoutNameIsTold() {
    AvailableService nameless = new AvailableService(Map.of("version", "v1"), 1, "default", false);
    Translation translation =
        translate(
            Worlds.withDefaultMesh().add(ingress("zone-2", "i2", "10.20.0.254", 20001, nameless)));
    assertThat(notices(translation))
        .singleElement()
        .asString()
        .contains("availableServices[0].tags: no kuma.io/service");
  }

  @Test
  void externalServicesOfAnotherZoneAreReachedThroughItsIngress() {
    AvailableService external =
        new AvailableService(
            Map.of("kuma.io/service", "es-zone", "kuma.io/zone", "zone-2"), 1, "default", true);
    Translation translation =
        translate(
            Worlds.withDefaultMesh().add(ingress("zone-2", "i2", "10.20.0.254", 20001, external)));
    assertThat(chains(translation)).containsEntry("es-zone{mesh=default}", "default:es-zone{}");
  }

  @Test
  void anEgressOfAnotherZoneIsTold() {
    ZoneEgress other =
        new ZoneEgress(
            egress("10.9.0.1", 10002).meta(), "zone-9", new HostPort("10.9.0.1", 10002), 0);
    Translation translation =
        EgressTranslator.translate(other, Worlds.empty().resources(), "zone-1", Path.of("ca.pem"));
    assertThat(notices(translation))
        .singleElement()
        .asString()
        .contains("zone: zone-9 (expected: zone-1");
  }

  @Test
  void bothRolesInOneProcessEachReachTheirOwnEndpoints() {
    Worlds world =
        Worlds.withDefaultMesh()
            .add(
                ingress("zone-2", "i2", "10.20.0.254", 20001, available("default", "backend", 1)),
                Worlds.dataplane("default", "b", Worlds.inbound("10.10.0.1", 80, "backend")));
    ProxySnapshot snapshot =
        Translation.merge(
                List.of(
                    translate(world),
                    IngressTranslator.translate(
                        Worlds.ownIngress("10.9.0.1", 10001), world.resources(), "zone-1")))
            .snapshot();
    assertThat(snapshot.clusters()).containsOnlyKeys("default:backend", "ingress/default:backend");
    assertThat(snapshot.clusters().values())
        .extracting(ClusterSpec::statName)
        .containsOnly("default_backend");
  }

  @Test
  void aHundredThousandNamesAreMadeInNoTime() {
    AvailableService[] services = new AvailableService[3200];
    for (int i = 0; i < services.length; i++) {
      services[i] =
          available(
              "default",
              "service-" + i,
              1,
              "kuma.io/protocol",
              "http",
              "version",
              "v1",
              "region",
              "eu",
              "team",
              "t" + i % 10);
    }
    Worlds world =
        Worlds.withDefaultMesh().add(ingress("zone-2", "i2", "10.20.0.254", 20001, services));
    // far above what it takes: it must not be quadratic
    Translation translation =
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> translate(world));
    assertThat(translation.listeners().get(0).chains()).hasSize(3200 * 32);
  }

  private static Translation translate(Worlds world) {
    return EgressTranslator.translate(
        egress("10.9.0.1", 10002), world.resources(), "zone-1", Path.of("ca.pem"));
  }

  private static AvailableService backend(int instances, String version) {
    return available(
        "default", "backend", instances, "kuma.io/protocol", "http", "version", version);
  }

  private static Map<String, String> chains(Translation translation) {
    Map<String, String> chains = new TreeMap<>();
    for (ChainSpec chain : translation.listeners().get(0).chains()) {
      Destination.ToCluster to = chain.relaysTo().get(0);
      chains.put(chain.serverName(), to.cluster() + new TreeMap<>(to.subset()));
    }
    return chains;
  }

  private static List<String> endpoints(Translation translation, String name) {
    ClusterSpec cluster = translation.clusters().get(name);
    if (cluster == null) {
      throw new AssertionError("no " + name + " in " + translation.clusters().keySet());
    }
    return cluster.localities().stream()
        .flatMap(
            locality ->
                locality.endpoints().stream()
                    .map(
                        endpoint ->
                            "%s/%d %s*%d %s"
                                .formatted(
                                    locality.locality().zone(),
                                    locality.priority(),
                                    endpoint.address(),
                                    endpoint.weight(),
                                    new TreeMap<>(endpoint.tags()))))
        .toList();
  }

  private static List<String> notices(Translation translation) {
    return translation.notices().stream().map(Problem::toString).toList();
  }
}
