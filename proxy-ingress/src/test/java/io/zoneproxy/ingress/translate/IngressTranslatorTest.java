package io.zoneproxy.ingress.translate;

import static io.zoneproxy.core.resource.Worlds.dataplane;
import static io.zoneproxy.core.resource.Worlds.inbound;
import static io.zoneproxy.core.resource.Worlds.mesh;
import static io.zoneproxy.core.resource.Worlds.meshService;
import static io.zoneproxy.core.resource.Worlds.multiZoneService;
import static io.zoneproxy.core.resource.Worlds.namedInbound;
import static io.zoneproxy.core.resource.Worlds.notReady;
import static io.zoneproxy.core.resource.Worlds.ownIngress;
import static io.zoneproxy.core.resource.Worlds.port;
import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.Mesh.MeshServicesMode;
import io.zoneproxy.core.resource.MeshService;
import io.zoneproxy.core.resource.MeshService.Selector;
import io.zoneproxy.core.resource.MeshService.ServicePort;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Worlds;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IngressTranslatorTest {
  private static final String HASH = "a601e0c00295a9fbe"; // of backend;default;

  @Test
  void twoZonesWithTagsOnlyAreServedAsKumaServesThem() {
    Translation translation =
        translate(
            Worlds.withDefaultMesh()
                .add(
                    dataplane("default", "backend-0", backend("10.20.0.1", "v1")),
                    dataplane("default", "backend-1", backend("10.20.0.2", "v1")),
                    dataplane("default", "backend-2", backend("10.20.0.3", "v2")),
                    dataplane(
                        "default",
                        "redis-1",
                        inbound("10.20.0.9", 6379, "redis", "kuma.io/protocol", "tcp"))));
    assertThat(Shapes.chains(translation))
        .containsEntry("backend{mesh=default}", "default:backend")
        .containsEntry("redis{mesh=default}", "default:redis")
        .containsEntry("backend{mesh=default,version=v2}", "default:backend{version=v2}")
        .containsEntry(
            "backend{kuma.io/protocol=http,kuma.io/zone=zone-2,mesh=default,version=v1}",
            "default:backend{kuma.io/protocol=http, kuma.io/zone=zone-2, version=v1}");
    assertThat(Shapes.endpoints(translation, "default:backend"))
        .containsExactly(
            "zone-2/0 10.20.0.1:8080*1 {kuma.io/protocol=http, kuma.io/zone=zone-2, version=v1}",
            "zone-2/0 10.20.0.2:8080*1 {kuma.io/protocol=http, kuma.io/zone=zone-2, version=v1}",
            "zone-2/0 10.20.0.3:8080*1 {kuma.io/protocol=http, kuma.io/zone=zone-2, version=v2}");
    assertThat(translation.clusters()).containsOnlyKeys("default:backend", "default:redis");
    assertThat(translation.notices()).isEmpty();
  }

  @Test
  void servicesOfAWorldWithManyTagsHaveTheChainsThatRoutesAskFor() {
    Translation translation =
        translate(
            Worlds.withDefaultMesh()
                .add(
                    mesh("team-a"),
                    dataplane(
                        "default",
                        "backend-2",
                        inbound("10.10.0.3", 8080, "backend", "version", "v2", "region", "eu")),
                    dataplane(
                        "default",
                        "multi",
                        inbound("10.10.0.20", 8081, "multi-a"),
                        inbound("10.10.0.20", 8082, "multi-b")),
                    dataplane(
                        "default",
                        "redis-0",
                        inbound("10.10.0.30", 6379, "redis", "kuma.io/instance", "ins-0")),
                    dataplane("team-a", "api", inbound("10.10.1.1", 80, "api"))));
    assertThat(Shapes.chains(translation))
        .containsEntry(
            "backend{mesh=default,region=eu,version=v2}", "default:backend{region=eu, version=v2}")
        .containsEntry("multi-a{mesh=default}", "default:multi-a")
        .containsEntry("multi-b{mesh=default}", "default:multi-b")
        .containsEntry(
            "redis{kuma.io/instance=ins-0,mesh=default}", "default:redis{kuma.io/instance=ins-0}")
        .containsEntry("api{mesh=team-a}", "team-a:api");
  }

  @Test
  void theListenerIsNamedByItsAddressAndOpensWithoutAnyService() {
    Translation translation =
        IngressTranslator.translate(
            ownIngress("2001:db8::1", 10001), Worlds.empty().resources(), "zone-2");
    assertThat(translation.listeners())
        .containsExactly(
            new ListenerSpec(
                "inbound:[2001:db8::1]:10001", new HostPort("2001:db8::1", 10001), List.of()));
    assertThat(translation.role()).isEqualTo("ingress");
  }

  @Test
  void endpointsMayBeIpv6OrNames() {
    Translation translation =
        translate(
            Worlds.withDefaultMesh()
                .add(
                    dataplane("default", "v6", inbound("2001:db8::50", 7001, "six")),
                    dataplane("default", "named", inbound("six.internal", 7001, "six"))));
    assertThat(Shapes.endpoints(translation, "default:six"))
        .containsExactly(
            "zone-2/0 [2001:db8::50]:7001*1 {kuma.io/zone=zone-2}",
            "zone-2/0 six.internal:7001*1 {kuma.io/zone=zone-2}");
  }

  @Test
  void inboundsThatAreNotReadyAreLeftOut() {
    Translation translation =
        translate(
            Worlds.withDefaultMesh()
                .add(
                    dataplane("default", "a", backend("10.20.0.1", "v1")),
                    dataplane("default", "b", notReady(backend("10.20.0.2", "v2"))),
                    dataplane("default", "c", notReady(inbound("10.20.0.3", 80, "gone")))));
    assertThat(Shapes.endpoints(translation, "default:backend")).hasSize(1);
    assertThat(Shapes.chains(translation))
        .doesNotContainKeys("backend{mesh=default,version=v2}", "gone{mesh=default}");
  }

  @Test
  void dataplanesOfOtherZonesAreLeftOutByLabelAndByTag() {
    Translation translation =
        translate(
            Worlds.withDefaultMesh()
                .add(
                    dataplane(
                        "default",
                        "remote",
                        Map.of("kuma.io/zone", "zone-1"),
                        backend("10.10.0.1", "v1")),
                    dataplane(
                        "default",
                        "tagged",
                        inbound("10.10.0.2", 8080, "backend", "kuma.io/zone", "zone-1")),
                    dataplane(
                        "default",
                        "local",
                        Map.of("kuma.io/zone", "zone-2"),
                        backend("10.20.0.1", "v1"))));
    assertThat(Shapes.endpoints(translation, "default:backend"))
        .singleElement()
        .asString()
        .contains("10.20.0.1");
  }

  @Test
  void oneAddressTwiceIsOneEndpointAndOtherTagsAreTold() {
    Translation translation =
        translate(
            Worlds.withDefaultMesh()
                .add(
                    dataplane("default", "a", backend("Host-A.internal", "v1")),
                    dataplane("default", "b", backend("host-a.internal", "v1")),
                    dataplane("default", "c", backend("host-a.internal", "v2"))));
    assertThat(Shapes.endpoints(translation, "default:backend"))
        .singleElement()
        .asString()
        .contains("Host-A.internal:8080*1", "version=v1");
    assertThat(Shapes.chains(translation)).doesNotContainKey("backend{mesh=default,version=v2}");
    assertThat(Shapes.notices(translation))
        .containsExactly(
            "Dataplane-c.yaml:1 (document 1): networking.inbound[0]: host-a.internal:8080 is in"
                + " service backend of mesh default a second time, with other tags (expected:"
                + " once): the first is taken");
  }

  @Test
  void anExclusiveMeshHasTheHashFormOnly() {
    Translation translation =
        translate(
            Worlds.empty()
                .add(
                    mesh("default", MeshServicesMode.EXCLUSIVE),
                    dataplane("default", "backend-0", backend("10.20.0.1", "v1")),
                    dataplane("default", "backend-1", backend("10.20.0.2", "v2")),
                    meshService("default", "backend", 8080),
                    multiZoneService(
                        "default",
                        "backend-all",
                        Map.of("kuma.io/display-name", "backend"),
                        port(8080))));
    assertThat(Shapes.chains(translation))
        .containsOnly(
            Map.entry(HASH + ".backend.8080.default.ms", "default_backend__zone-2_msvc_8080"),
            Map.entry(
                "abd8e608772581fd4.backend-all.8080.default.mzms",
                "default_backend-all___mzsvc_8080"));
    assertThat(Shapes.endpoints(translation, "default_backend__zone-2_msvc_8080"))
        .containsExactly(
            "zone-2/0 10.20.0.1:8080*1 {kuma.io/protocol=http, kuma.io/zone=zone-2, version=v1}",
            "zone-2/0 10.20.0.2:8080*1 {kuma.io/protocol=http, kuma.io/zone=zone-2, version=v2}")
        .isEqualTo(Shapes.endpoints(translation, "default_backend-all___mzsvc_8080"));
  }

  @Test
  void aMeshWithBothFormsHasBoth() {
    Translation translation =
        translate(
            Worlds.empty()
                .add(
                    mesh("team-b", MeshServicesMode.REACHABLE_BACKENDS),
                    dataplane("team-b", "api", inbound("10.20.1.1", 8080, "api")),
                    meshService("team-b", "api", 8080)));
    assertThat(Shapes.chains(translation))
        .containsEntry("api{mesh=team-b}", "team-b:api")
        .containsEntry("af27d79839ae9061f.api.8080.team-b.ms", "team-b_api__zone-2_msvc_8080");
  }

  @Test
  void meshServicesOfOtherZonesAreLeftOut() {
    Translation translation =
        translate(
            Worlds.withDefaultMesh()
                .add(
                    dataplane("default", "backend-0", backend("10.20.0.1", "v1")),
                    meshService(
                        "default",
                        "backend",
                        Map.of("kuma.io/zone", "zone-1"),
                        new Selector.ByTags(Map.of("kuma.io/service", "backend")),
                        port(8080)),
                    multiZoneService(
                        "default",
                        "backend-all",
                        Map.of("kuma.io/display-name", "backend"),
                        port(8080))));
    assertThat(Shapes.chains(translation)).doesNotContainKey(HASH + ".backend.8080.default.ms");
    assertThat(Shapes.endpoints(translation, "default_backend-all___mzsvc_8080")).isEmpty();
  }

  @Test
  void aMultiZoneServiceKeepsItsChainWhenNothingHereIsBehindIt() {
    Translation translation =
        translate(
            Worlds.withDefaultMesh()
                .add(multiZoneService("default", "all", Map.of("app", "x"), port(80))));
    assertThat(Shapes.chains(translation)).hasSize(1).containsValue("default_all___mzsvc_80");
    assertThat(Shapes.endpoints(translation, "default_all___mzsvc_80")).isEmpty();
  }

  @Test
  void aMultiZoneServiceTakesTheSamePortOfEveryServiceThatItsLabelsSelect() {
    Translation translation =
        translate(
            Worlds.withDefaultMesh()
                .add(
                    dataplane("default", "a", inbound("10.20.0.1", 8080, "a")),
                    dataplane("default", "b", inbound("10.20.0.2", 8080, "b")),
                    dataplane("default", "c", inbound("10.20.0.3", 8080, "c")),
                    labelled("a", 80),
                    labelled("b", 80),
                    labelled("c", 81),
                    multiZoneService(
                        "default",
                        "all",
                        Worlds.tags(
                            "team", "x", "kuma.io/zone", "zone-2", "kuma.io/mesh", "default"),
                        port(80))));
    assertThat(Shapes.endpoints(translation, "default_all___mzsvc_80"))
        .containsExactly(
            "zone-2/0 10.20.0.1:8080*1 {kuma.io/zone=zone-2}",
            "zone-2/0 10.20.0.2:8080*1 {kuma.io/zone=zone-2}");
  }

  @Test
  void anEndpointThatSeveralServicesBringIsOneOfTheMultiZoneService() {
    Translation translation =
        translate(
            Worlds.withDefaultMesh()
                .add(
                    dataplane("default", "a", inbound("10.20.0.1", 8080, "a")),
                    labelled("a", 80),
                    meshService(
                        "default",
                        "a-again",
                        Map.of("team", "x"),
                        new Selector.ByName("a"),
                        new ServicePort("", 80, "8080")),
                    multiZoneService("default", "all", Map.of("team", "x"), port(80))));
    assertThat(Shapes.endpoints(translation, "default_all___mzsvc_80")).hasSize(1);
    assertThat(translation.notices()).isEmpty();
  }

  @Test
  void aMeshServiceSelectsByTagsByLabelsOrByName() {
    Dataplane web =
        dataplane("default", "web-1", Map.of("app", "web"), namedInbound("http", "10.20.0.7", 80));
    Dataplane other =
        dataplane("default", "other", Map.of("app", "other"), inbound("10.20.0.8", 80, "web"));
    assertThat(selectedBy(new Selector.ByLabels(Map.of("app", "web")), web, other))
        .containsExactly("zone-2/0 10.20.0.7:80*1 {kuma.io/zone=zone-2}");
    assertThat(
            selectedBy(
                new Selector.ByLabels(
                    Map.of("app", "web", "kuma.io/display-name", "web-1", "kuma.io/mesh", "x")),
                web,
                other))
        .isEmpty();
    assertThat(selectedBy(new Selector.ByName("web-1"), web, other))
        .containsExactly("zone-2/0 10.20.0.7:80*1 {kuma.io/zone=zone-2}");
    assertThat(selectedBy(new Selector.ByTags(Map.of("kuma.io/service", "web")), web, other))
        .containsExactly("zone-2/0 10.20.0.8:80*1 {kuma.io/zone=zone-2}");
    assertThat(selectedBy(new Selector.ByTags(Map.of()), web, other)).isEmpty();
    assertThat(selectedBy(new Selector.ByName(""), web, other)).isEmpty();
  }

  @Test
  void selectingByTagsWantsAllOfThemOnOneInbound() {
    Dataplane dataplane =
        dataplane(
            "default",
            "a",
            inbound("10.20.0.1", 80, "web", "version", "v1"),
            inbound("10.20.0.2", 80, "web", "version", "v2"));
    assertThat(
            selectedBy(
                new Selector.ByTags(Map.of("kuma.io/service", "web", "version", "v2")), dataplane))
        .containsExactly("zone-2/0 10.20.0.2:80*1 {kuma.io/zone=zone-2, version=v2}");
  }

  @Test
  void theTargetIsAnInboundsNumberOrItsName() {
    Translation translation =
        translate(
            Worlds.withDefaultMesh()
                .add(
                    dataplane(
                        "default",
                        "web-1",
                        namedInbound("http", "10.20.0.7", 8080),
                        namedInbound("admin", "10.20.0.7", 9090)),
                    meshService(
                        "default",
                        "web",
                        Map.of(),
                        new Selector.ByName("web-1"),
                        new ServicePort("main", 80, "http"),
                        new ServicePort("", 81, "9090"),
                        new ServicePort("", 82, "none"))));
    assertThat(Shapes.endpoints(translation, "default_web__zone-2_msvc_80"))
        .singleElement()
        .asString()
        .contains("10.20.0.7:8080");
    assertThat(Shapes.endpoints(translation, "default_web__zone-2_msvc_81"))
        .singleElement()
        .asString()
        .contains("10.20.0.7:9090");
    assertThat(Shapes.endpoints(translation, "default_web__zone-2_msvc_82")).isEmpty();
  }

  @Test
  void hashFormHasTheDisplayNameAndTheNamespaceUnlessItIsKumasOwn() {
    Translation translation =
        translate(
            Worlds.withDefaultMesh()
                .add(
                    inNamespace("backend-x1f", "backend", "kuma-demo"),
                    inNamespace("redis-x1f", "redis", "kuma-system")));
    assertThat(Shapes.chains(translation))
        .containsEntry(
            ServerNames.ofMeshService("backend.kuma-demo", 80, "default"),
            "default_backend_kuma-demo_zone-2_msvc_80")
        .containsEntry(
            ServerNames.ofMeshService("redis", 80, "default"),
            "default_redis_kuma-system_zone-2_msvc_80");
  }

  @Test
  void aMeshWithoutMtlsAndIdentityIsNotServedAndThatIsSaid() {
    Translation translation =
        translate(
            Worlds.empty()
                .add(
                    mesh("payments", false, true, false),
                    dataplane("payments", "a", inbound("10.20.0.1", 80, "a"))));
    assertThat(Shapes.chains(translation)).isEmpty();
    assertThat(translation.notices())
        .singleElement()
        .satisfies(
            notice -> {
              assertThat(notice.severity()).isEqualTo(Problem.Severity.WARNING);
              assertThat(notice.toString())
                  .startsWith(
                      "Mesh-payments.yaml:1 (document 1): mesh payments is not served: it has"
                          + " neither an enabled mTLS backend nor a MeshIdentity");
            });
  }

  @Test
  void aMeshIdentityStandsInForMtls() {
    Translation translation =
        translate(
            Worlds.empty()
                .add(
                    mesh("payments", false, true, false),
                    Worlds.identity("payments"),
                    dataplane("payments", "a", inbound("10.20.0.1", 80, "a"))));
    assertThat(Shapes.chains(translation)).containsKey("a{mesh=payments}");
    assertThat(translation.notices()).isEmpty();
  }

  @Test
  void aMeshWithoutResourceIsToldOnce() {
    Translation translation =
        translate(
            Worlds.withDefaultMesh()
                .add(
                    dataplane("ghost", "a", inbound("10.20.0.1", 80, "a")),
                    dataplane("ghost", "b", inbound("10.20.0.2", 80, "b"))));
    assertThat(Shapes.notices(translation))
        .containsExactly(
            "Dataplane-a.yaml:1 (document 1): mesh: mesh ghost is not served: there is no Mesh"
                + " resource of that name");
  }

  @Test
  void aMisspeltMeshIsToldWhichOneMayBeMeant() {
    Translation translation =
        translate(
            Worlds.withDefaultMesh().add(dataplane("defalt", "a", inbound("10.20.0.1", 80, "a"))));
    assertThat(Shapes.notices(translation))
        .containsExactly(
            "Dataplane-a.yaml:1 (document 1): mesh: mesh defalt is not served: there is no Mesh"
                + " resource of that name (expected: one of the files; did you mean default?)");
  }

  @Test
  void servicesThatDifferInCaseOnlyCollideAndTheFirstIsTaken() {
    Translation translation =
        translate(
            Worlds.withDefaultMesh()
                .add(
                    dataplane("default", "lower", inbound("10.20.0.1", 80, "backend")),
                    dataplane("default", "upper", inbound("10.20.0.2", 80, "Backend"))));
    assertThat(Shapes.chains(translation))
        .containsEntry("backend{mesh=default}", "default:Backend")
        .doesNotContainValue("default:backend");
    assertThat(translation.clusters()).containsOnlyKeys("default:Backend");
    assertThat(Shapes.notices(translation))
        .containsExactly(
            "Dataplane-lower.yaml:1 (document 1): service backend of mesh default has the same"
                + " server name as service Backend of mesh default (Dataplane-upper.yaml:1"
                + " (document 1)): backend{mesh=default}, 2 in all, taken by the first");
  }

  @Test
  void tagsThatDifferInCaseOnlyAreTold() {
    Translation translation =
        translate(
            Worlds.withDefaultMesh()
                .add(
                    dataplane("default", "a", backend("10.20.0.1", "V1")),
                    dataplane("default", "b", backend("10.20.0.2", "v1"))));
    assertThat(Shapes.notices(translation))
        .singleElement()
        .asString()
        .contains("service backend of mesh default has tags that differ in case only");
  }

  @Test
  void tooManyCombinationsOfTagsAreCutAndCounted() {
    String[] tags = new String[26];
    for (int i = 0; i < tags.length; i++) {
      tags[i] = "tag" + i;
    }
    Translation translation =
        translate(
            Worlds.withDefaultMesh()
                .add(dataplane("default", "a", inbound("10.20.0.1", 80, "many", tags))));
    // thirteen tags of its own, and kuma.io/zone
    assertThat(Shapes.chains(translation)).hasSize(4096);
    assertThat(Shapes.notices(translation))
        .singleElement()
        .asString()
        .contains("service many of mesh default", "up to " + ((1 << 14) - 4096) + " are left out");
  }

  @Test
  void anIngressOfAnotherZoneIsTold() {
    Translation translation =
        IngressTranslator.translate(
            Worlds.ingress("own", "zone-9", new HostPort("10.9.0.1", 10001), Optional.empty()),
            Worlds.empty().resources(),
            "zone-2");
    assertThat(Shapes.notices(translation))
        .containsExactly(
            "ZoneIngress-own.yaml:1 (document 1): zone: zone-9 (expected: zone-2, the zone of this"
                + " proxy)");
  }

  private static Translation translate(Worlds world) {
    return IngressTranslator.translate(ownIngress("10.9.0.1", 10001), world.resources(), "zone-2");
  }

  private static List<String> selectedBy(Selector selector, Dataplane... dataplanes) {
    Translation translation =
        translate(
            Worlds.withDefaultMesh()
                .add(dataplanes)
                .add(meshService("default", "web", Map.of(), selector, port(80))));
    return Shapes.endpoints(translation, "default_web__zone-2_msvc_80");
  }

  private static Dataplane.Inbound backend(String host, String version) {
    return inbound(host, 8080, "backend", "kuma.io/protocol", "http", "version", version);
  }

  private static MeshService labelled(String name, int port) {
    return meshService(
        "default",
        name,
        Map.of("team", "x"),
        new Selector.ByTags(Map.of("kuma.io/service", name)),
        new ServicePort("", port, "8080"));
  }

  private static MeshService inNamespace(String name, String displayName, String namespace) {
    return meshService(
        "default",
        name,
        Map.of("kuma.io/display-name", displayName, "k8s.kuma.io/namespace", namespace),
        new Selector.ByName(""),
        port(80));
  }
}
