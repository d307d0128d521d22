package io.zoneproxy.egress.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.Dataplane.Listener.Role;
import io.zoneproxy.core.resource.MeshIdentity;
import io.zoneproxy.core.resource.Meta;
import io.zoneproxy.core.resource.Resource;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.Source;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class WorkloadIdentityTest {
  private static final Map<String, String> LABELS =
      Map.of("kuma.io/workload", "zone-proxy", "app", "egress");

  private static Dataplane own(Map<String, String> labels) {
    Dataplane.Listener out =
        new Dataplane.Listener(Role.ZONE_EGRESS, new HostPort("10.9.0.1", 10002), "ze-port");
    return new Dataplane(meta("Dataplane", "zp-1", labels), "10.9.0.1", 0, List.of(), List.of(out));
  }

  private static Meta meta(String type, String name, Map<String, String> labels) {
    return new Meta(type, name, "default", labels, Source.ofFile("f.yaml"));
  }

  private static MeshIdentity identity(
      String name, Map<String, String> selector, String domain, String path) {
    MeshIdentity.Provider provider =
        new MeshIdentity.Provider("Bundled", true, Optional.empty(), true, Duration.ofHours(1));
    return new MeshIdentity(
        meta("MeshIdentity", name, Map.of()),
        Optional.of(selector),
        domain,
        path,
        Optional.of(provider));
  }

  private static Optional<WorkloadIdentity> of(Map<String, String> labels, Resource... resources)
      throws NoIdentityException {
    return WorkloadIdentity.of(own(labels), new Resources(List.of(resources)), "zone-1");
  }

  private static void assertNone(String why, MeshIdentity identity, Map<String, String> labels) {
    assertThatThrownBy(() -> of(labels, identity))
        .isInstanceOf(NoIdentityException.class)
        .hasMessageContaining(why);
  }

  @Test
  void withoutTemplatesItIsAsKumaHasIt() throws Exception {
    WorkloadIdentity found = of(LABELS, identity("identity", Map.of(), "", "")).orElseThrow();
    assertThat(found.spiffeId())
        .isEqualTo("spiffe://default.zone-1.mesh.local/workload/zone-proxy");
    assertThat(found.trustDomain()).isEqualTo("default.zone-1.mesh.local");
    assertThat(found.certificate()).isEqualTo(SecretName.of("kri_mid_default_zone-1__identity_"));
  }

  @Test
  void templatesTakeNamesAndLabels() throws Exception {
    MeshIdentity identity =
        identity(
            "identity",
            Map.of(),
            "{{.Mesh}}.example",
            "/zone/{{ label \"kuma.io/zone\" }}/{{- label \"app\" -}}");
    assertThat(of(LABELS, identity).orElseThrow().spiffeId())
        .isEqualTo("spiffe://default.example/zone/zone-1/egress");
  }

  @Test
  void theOneThatAsksForTheMostLabelsIsTakenThenTheFirstByName() throws Exception {
    MeshIdentity all = identity("a-all", Map.of(), "", "");
    MeshIdentity first =
        identity("b-first", Map.of("kuma.io/listener-zoneegress", "enabled"), "", "");
    MeshIdentity second = identity("c-second", Map.of("app", "egress"), "", "");
    MeshIdentity others = identity("d-others", Map.of("app", "shop", "tier", "x"), "", "");
    assertThat(of(LABELS, all, second, first, others).orElseThrow().resource()).isEqualTo(first);
    assertThat(of(LABELS, others)).isEmpty();
    MeshIdentity nobodys = new MeshIdentity(meta("MeshIdentity", "nobodys", Map.of()));
    assertThat(of(LABELS, nobodys)).isEmpty();
  }

  @Test
  void whatATemplateLacksIsNamed() {
    assertNone(
        "MeshIdentity/default/identity: spiffeID.path /workload/{{ .Workload }}: {{ .Workload }}"
            + " has no value (expected: the label kuma.io/workload of the Dataplane)",
        identity("identity", Map.of(), "", ""),
        Map.of());
    assertNone(
        "(expected: one of .Mesh, .Zone)",
        identity("identity", Map.of(), "{{ .Mash }}", ""),
        LABELS);
    assertNone(
        "(expected: the label tier)",
        identity("identity", Map.of(), "", "/{{ label \"tier\" }}"),
        LABELS);
    assertNone(
        "is not understood",
        identity("identity", Map.of(), "", "/{{ if .Workload }}x{{ end }}"),
        LABELS);
  }

  @Test
  void whatIsNoSpiffeIdIsRefused() {
    assertNone("is none", identity("identity", Map.of(), "Default", ""), LABELS);
    for (String path :
        List.of("workload", "/a//b", "/a/../b", "/a/", "/a b", "/a?b", "/" + "a".repeat(2048))) {
      assertNone("is no SPIFFE ID", identity("identity", Map.of(), "", path), LABELS);
    }
  }

  @Test
  void aPathMayHaveAsManySegmentsAsASpiffeIdHolds() throws Exception {
    String path = "/a".repeat(1000);
    assertThat(of(LABELS, identity("identity", Map.of(), "mesh", path)).orElseThrow().spiffeId())
        .isEqualTo("spiffe://mesh" + path);
  }

  @Test
  void anIdentityWithoutAnAuthorityIsRefused() {
    MeshIdentity.Provider none =
        new MeshIdentity.Provider(
            "Bundled", false, Optional.empty(), true, MeshIdentity.Provider.DEFAULT_LIFETIME);
    assertNone(
        "provider.bundled: no CA",
        new MeshIdentity(
            meta("MeshIdentity", "identity", Map.of()),
            Optional.of(Map.of()),
            "",
            "",
            Optional.of(none)),
        LABELS);
  }
}
