package io.zoneproxy.ingress.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.resource.Worlds;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerNamesTest {
  @Test
  void tagFormHasItsKeysInByteOrderAndTheMeshAmongThem() {
    assertThat(
            ServerNames.ofTags(
                "backend",
                "mesh1",
                Worlds.tags("version", "v1", "region", "eu", "kuma.io/zone", "zone")))
        .isEqualTo("backend{kuma.io/zone=zone,mesh=mesh1,region=eu,version=v1}");
    assertThat(ServerNames.ofTags("backend", "mesh1", Map.of("kuma.io/instance", "ins-0")))
        .isEqualTo("backend{kuma.io/instance=ins-0,mesh=mesh1}");
  }

  @Test
  void tagFormHasBracesEvenWithoutTags() {
    assertThat(ServerNames.ofTags("mesh-gateway", "mesh2", Map.of()))
        .isEqualTo("mesh-gateway{mesh=mesh2}");
  }

  @Test
  void tagFormLeavesOutTheServiceTagAndOverwritesATagNamedMesh() {
    assertThat(
            ServerNames.ofTags(
                "backend", "default", Worlds.tags("kuma.io/service", "x", "mesh", "other")))
        .isEqualTo("backend{mesh=default}");
  }

  @Test
  void hashFormIsWhatKumaComputes() {
    assertThat(ServerNames.ofMeshService("backend", 8080, "demo"))
        .isEqualTo("ae10a8071b8a8eeb8.backend.8080.demo.ms");
    assertThat(ServerNames.ofMeshService("backend", 80, "default"))
        .isEqualTo("a601e0c00295a9fbe.backend.80.default.ms");
    assertThat(ServerNames.ofMeshService("backend2", 80, "default"))
        .isEqualTo("aec60634adf0f45d6.backend2.80.default.ms");
    assertThat(ServerNames.ofMeshMultiZoneService("backend-all", 8080, "default"))
        .isEqualTo("abd8e608772581fd4.backend-all.8080.default.mzms");
  }

  @Test
  void hashFormOfBothKindsDiffersInTheEndOnly() {
    assertThat(ServerNames.ofMeshMultiZoneService("backend", 8080, "demo"))
        .isEqualTo("ae10a8071b8a8eeb8.backend.8080.demo.mzms");
  }

  @Test
  void hashFormCutsLongNamesAfterHashingThemWhole() {
    assertThat(ServerNames.ofMeshService("a".repeat(63), 8080, "b".repeat(63)))
        .matches("a[0-9a-f]{16}\\.a{62}x\\.8080\\.b{62}x\\.ms")
        .isNotEqualTo(ServerNames.ofMeshService("a".repeat(64), 8080, "b".repeat(63)));
    assertThat(ServerNames.ofMeshService("a".repeat(62), 8080, "demo"))
        .contains("." + "a".repeat(62) + ".8080");
  }

  @Test
  void kriFormHasZoneAndNamespaceWhenThereAreAny() {
    assertThat(ServerNames.kriOfMeshService("default", "east", "", "backend", "8080"))
        .contains("sni.msvc.default.east.backend.8080");
    assertThat(ServerNames.kriOfMeshService("default", "east", "app-ns", "backend", "http"))
        .contains("sni.msvc.default.east.app-ns.backend.http");
    assertThat(ServerNames.kriOfMeshMultiZoneService("default", "global-svc", "8080"))
        .contains("sni.mzsvc.default.global-svc.8080");
  }

  @Test
  void kriFormRefusesWhatIsNoDnsLabel() {
    assertThat(ServerNames.kriOfMeshMultiZoneService("default", "back_end", "80")).isEmpty();
    assertThat(ServerNames.kriOfMeshMultiZoneService("default", "Backend", "80")).isEmpty();
    assertThat(ServerNames.kriOfMeshMultiZoneService("default", "-backend", "80")).isEmpty();
    assertThat(ServerNames.kriOfMeshMultiZoneService("default", "back.end", "80")).isEmpty();
    assertThat(ServerNames.kriOfMeshService("default", "", "", "backend", "80")).isEmpty();
    assertThat(ServerNames.kriOfMeshMultiZoneService("default", "b".repeat(64), "80")).isEmpty();
    assertThat(ServerNames.kriOfMeshMultiZoneService("default", "b".repeat(63), "80")).isPresent();
  }

  @Test
  void kriFormRefusesMoreThan253Characters() {
    String label = "b".repeat(60);
    // sni.msvc. and four labels with their dots: 9 + 3 * 61 + the last
    assertThat(ServerNames.kriOfMeshService(label, label, "", label, "c".repeat(61))).isPresent();
    assertThat(ServerNames.kriOfMeshService(label, label, "", label, "c".repeat(62))).isEmpty();
  }

  @Test
  void lowerCaseTouchesAsciiLettersOnly() {
    assertThat(ServerNames.lowerCase("Backend{Mesh=ÄÖ,v=Z}")).isEqualTo("backend{mesh=ÄÖ,v=z}");
    assertThat(ServerNames.lowerCase("already{lower}")).isEqualTo("already{lower}");
  }
}
