package io.zoneproxy.ingress.translate;

import static io.zoneproxy.core.resource.Worlds.dataplane;
import static io.zoneproxy.core.resource.Worlds.inbound;
import static io.zoneproxy.core.resource.Worlds.mesh;
import static io.zoneproxy.core.resource.Worlds.meshService;
import static io.zoneproxy.core.resource.Worlds.multiZoneService;
import static io.zoneproxy.core.resource.Worlds.port;
import static io.zoneproxy.core.resource.Worlds.zoneProxy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.Dataplane.Listener.Role;
import io.zoneproxy.core.resource.Mesh.MeshServicesMode;
import io.zoneproxy.core.resource.MeshService.Selector;
import io.zoneproxy.core.resource.MeshService.ServicePort;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Worlds;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DataplaneTranslatorTest {
  private static final Dataplane.Listener INGRESS =
      new Dataplane.Listener(Role.ZONE_INGRESS, new HostPort("10.9.0.1", 10001), "zi-port");
  private static final Dataplane.Listener EGRESS =
      new Dataplane.Listener(Role.ZONE_EGRESS, new HostPort("10.9.0.1", 10002), "ze-port");

  @Test
  void anIngressListenerServesTheKriForm() {
    Translation translation = translate(zoneProxy("default", INGRESS), world());
    assertThat(translation.listeners())
        .extracting(ListenerSpec::name, ListenerSpec::address)
        .containsExactly(tuple("self_zoneingress_dp_zi-port", new HostPort("10.9.0.1", 10001)));
    assertThat(Shapes.chains(translation))
        .containsOnly(
            Map.entry(
                "sni.msvc.default.zone-1.backend.8080", "kri_msvc_default_zone-1__backend_8080"),
            Map.entry(
                "sni.mzsvc.default.backend-all.8080", "kri_mzsvc_default___backend-all_8080"));
    assertThat(Shapes.endpoints(translation, "kri_msvc_default_zone-1__backend_8080"))
        .containsExactly("zone-1/0 10.10.0.1:8080*1 {kuma.io/protocol=http, kuma.io/zone=zone-1}")
        .isEqualTo(Shapes.endpoints(translation, "kri_mzsvc_default___backend-all_8080"));
    assertThat(translation.notices()).isEmpty();
  }

  @Test
  void aNamedPortIsNamedAndANamespaceStandsBeforeTheName() {
    Worlds world =
        world()
            .add(
                meshService(
                    "default",
                    "web",
                    Map.of("k8s.kuma.io/namespace", "shop"),
                    new Selector.ByTags(Map.of("kuma.io/service", "backend")),
                    new ServicePort("http", 80, "8080")));
    Translation translation = translate(zoneProxy("default", INGRESS), world);
    assertThat(Shapes.chains(translation))
        .containsEntry(
            "sni.msvc.default.zone-1.shop.web.http", "kri_msvc_default_zone-1_shop_web_http");
    assertThat(Shapes.endpoints(translation, "kri_msvc_default_zone-1_shop_web_http")).hasSize(1);
  }

  @Test
  void onlyTheOwnMeshIsServed() {
    Worlds world =
        world()
            .add(
                mesh("team-a"),
                mesh("no-tls", false, false, false),
                meshService("team-a", "api", 80));
    Translation translation = translate(zoneProxy("default", INGRESS), world);
    assertThat(Shapes.chains(translation).keySet()).noneMatch(name -> name.contains("team-a"));
    assertThat(translation.notices()).isEmpty();
  }

  @Test
  void anEgressListenerIsLeftOutByAProgramThatEndsNoTlsAndThatIsSaid() {
    Translation translation = translate(zoneProxy("default", INGRESS, EGRESS), world());
    assertThat(translation.listeners())
        .extracting(ListenerSpec::name)
        .containsExactly("self_zoneingress_dp_zi-port");
    assertThat(translation.notices())
        .singleElement()
        .returns(Problem.Severity.WARNING, Problem::severity)
        .asString()
        .contains(
            "networking.listeners[1].type: ZoneEgress: this program ends no TLS, so listener"
                + " ze-port is left out (expected: egress.jar");
  }

  @Test
  void anEgressListenerAloneIsAnErrorThere() {
    assertThat(translate(zoneProxy("default", EGRESS), world()).notices())
        .singleElement()
        .returns(Problem.Severity.ERROR, Problem::severity);
  }

  @Test
  void severalListenersServeTheSame() {
    Dataplane.Listener second =
        new Dataplane.Listener(Role.ZONE_INGRESS, new HostPort("::1", 10003), "10003");
    Translation translation = translate(zoneProxy("default", INGRESS, second), world());
    assertThat(translation.listeners())
        .extracting(ListenerSpec::name)
        .containsExactly("self_zoneingress_dp_zi-port", "self_zoneingress_dp_10003");
    assertThat(Shapes.chains(translation.listeners().get(1)))
        .isEqualTo(Shapes.chains(translation.listeners().get(0)));
  }

  @Test
  void aNameThatFitsNoServerNameIsSkippedAndThatIsSaid() {
    Worlds world =
        world()
            .add(
                meshService("default", "back_end", 80),
                multiZoneService("default", "m".repeat(64), Map.of("a", "b"), port(80)));
    Translation translation = translate(zoneProxy("default", INGRESS), world);
    assertThat(Shapes.chains(translation)).hasSize(2);
    assertThat(translation.clusters()).hasSize(2);
    assertThat(Shapes.notices(translation))
        .hasSize(2)
        .anySatisfy(
            notice ->
                assertThat(notice)
                    .contains("MeshService/default/back_end has no server name, so no chain"));
  }

  @Test
  void aMeshWithoutMtlsAndIdentityHasAnEmptyListener() {
    Worlds world =
        Worlds.empty()
            .add(mesh("default", false, false, false), meshService("default", "backend", 8080));
    Translation translation = translate(zoneProxy("default", INGRESS), world);
    assertThat(Shapes.chains(translation)).isEmpty();
    assertThat(Shapes.notices(translation))
        .singleElement()
        .asString()
        .contains("mesh default is not served");
  }

  @Test
  void aMeshWithoutResourceIsTold() {
    Translation translation = translate(zoneProxy("ghost", INGRESS), world());
    assertThat(Shapes.notices(translation))
        .containsExactly(
            "Dataplane-zp-1.yaml:1 (document 1): mesh: mesh ghost is not served: there is no Mesh"
                + " resource of that name");
  }

  private static Translation translate(Dataplane own, Worlds world) {
    return DataplaneTranslator.translate(
        own, world.resources(), "zone-1", (listener, made) -> made);
  }

  private static Worlds world() {
    return Worlds.empty()
        .add(
            mesh("default", MeshServicesMode.EXCLUSIVE),
            dataplane(
                "default",
                "backend-1",
                inbound("10.10.0.1", 8080, "backend", "kuma.io/protocol", "http")),
            meshService("default", "backend", 8080),
            multiZoneService(
                "default", "backend-all", Map.of("kuma.io/display-name", "backend"), port(8080)));
  }
}
