package io.zoneproxy.egress.external;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.config.kuma.ReadFile;
import io.zoneproxy.core.config.kuma.ResourceReader;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.ZoneEgress;
import io.zoneproxy.egress.EgressTranslator;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Policies that are about nothing, or do nothing, are said. */
final class TargetCheckTest {
  private static final String SERVICES =
      """
      type: ExternalService
      mesh: default
      name: api
      tags: {kuma.io/service: api, kuma.io/protocol: HTTP}
      networking: {address: "localhost:8443"}
      ---
      type: MeshExternalService
      mesh: default
      name: web
      spec:
        match: {type: HostnameGenerator, port: 443, protocol: http}
        endpoints: [{address: localhost, port: 8443}]
      ---
      type: Dataplane
      mesh: default
      name: backend-1
      networking:
        address: 127.0.0.1
        inbound: [{port: 80, tags: {kuma.io/service: backend}}]
      """;

  private static final String EGRESS =
      """
      type: ZoneEgress
      name: e
      networking: {address: 127.0.0.1, port: 10002}
      """;

  private static ReadFile read(String documents) {
    return new ResourceReader(ResourceReader.Use.FOLDER).read("f.yaml", documents);
  }

  private static Resources good(String documents) {
    ReadFile read = read(documents);
    assertThat(read.problems()).isEmpty();
    return new Resources(read.resources());
  }

  private static List<Problem> problems(String policies) {
    return problems(good(SERVICES + policies));
  }

  private static List<Problem> problems(Resources resources) {
    return new TargetCheck(resources, "default").problems();
  }

  /** What is said when the only egress is translated. */
  private static List<Problem> notices(String documents) {
    Resources resources = good(documents);
    ZoneEgress own = resources.of(ZoneEgress.class).findFirst().orElseThrow();
    return EgressTranslator.translate(own, resources, "zone-1", Path.of("none")).notices();
  }

  private static String permission(String target) {
    return """
    ---
    type: MeshTrafficPermission
    mesh: default
    name: p
    spec:
      targetRef: {kind: %s}
      from: [{targetRef: {kind: Mesh}, default: {action: Allow}}]
    """
        .formatted(target);
  }

  @Test
  void aPermissionForATagThatNobodyHasIsSaidWithTheNearestService() {
    assertThat(problems(permission("MeshSubset, tags: {kuma.io/service: apu}")))
        .extracting(Problem::toString)
        .singleElement()
        .asString()
        .startsWith("f.yaml:")
        .endsWith(
            "spec.targetRef: no service of mesh default in these files has the tags"
                + " {kuma.io/service=apu}, so the policy is about none of them (expected: tags of"
                + " one; did you mean api?)");
    assertThat(problems(permission("MeshService, name: apu"))).hasSize(1);
  }

  @Test
  void whatIsThereIsNotSaid() {
    assertThat(problems(permission("MeshSubset, tags: {kuma.io/service: api}"))).isEmpty();
    assertThat(problems(permission("MeshService, name: backend"))).isEmpty();
    assertThat(problems(permission("Mesh"))).isEmpty();
  }

  @Test
  void anOlderPermissionForADestinationThatIsNotThereIsSaid() {
    String older =
        """
        ---
        type: TrafficPermission
        mesh: default
        name: p
        sources: [{match: {kuma.io/service: '*'}}]
        destinations: [{match: {kuma.io/service: '*'}}, {match: {kuma.io/service: nope}}]
        """;
    assertThat(problems(older)).extracting(Problem::field).containsExactly("destinations[1].match");
  }

  @Test
  void oneThatIsAboutEverythingIsNotSaidWhereNothingHasTags() {
    String older =
        """
        type: TrafficPermission
        mesh: default
        name: p
        sources: [{match: {kuma.io/service: '*'}}]
        destinations: [{match: {kuma.io/service: '*'}}]
        """;
    assertThat(problems(good(older))).isEmpty();
  }

  @Test
  void aPolicyOfAMeshThatIsNotThereIsSaid() {
    assertThat(notices(EGRESS + permission("Mesh").replace("mesh: default", "mesh: defalt")))
        .extracting(Problem::toString)
        .singleElement()
        .asString()
        .endsWith("mesh: mesh defalt is not served: there is no Mesh resource of that name");
  }

  @Test
  void aDestinationThatIsNoMeshExternalServiceIsSaid() {
    String breaker =
        """
        ---
        type: MeshCircuitBreaker
        mesh: default
        name: b
        spec:
          targetRef: {kind: Mesh}
          to:
            - {targetRef: {kind: MeshExternalService, name: web}, default: {}}
            - {targetRef: {kind: MeshExternalService, name: wed}, default: {}}
        """;
    assertThat(problems(breaker))
        .extracting(Problem::toString)
        .singleElement()
        .asString()
        .endsWith(
            "spec.to[1].targetRef: there is no MeshExternalService wed in mesh default (expected:"
                + " one of the files; did you mean web?)");
  }

  @Test
  void aKindThatDoesNothingHereIsSaidOnce() {
    String policies =
        """
        ---
        type: Mesh
        name: default
        mtls: {enabledBackend: c, backends: [{name: c, type: builtin}]}
        ---
        {type: MeshTimeout, mesh: default, name: a, spec: {}}
        ---
        {type: MeshTimeout, mesh: default, name: b, spec: {}}
        """;
    assertThat(notices(EGRESS + "---\n" + SERVICES + policies))
        .extracting(Problem::message)
        .containsExactly(
            "MeshTimeout has no effect on the external services of a ZoneEgress, neither from files"
                + " nor from a control plane");
  }

  @Test
  void aProtocolThatKumaDoesNotHaveIsAnError() {
    ReadFile read = read(SERVICES.replace("HTTP}", "htp}"));
    assertThat(read.hasErrors()).isTrue();
    assertThat(read.problems())
        .extracting(Problem::message)
        .containsExactly(
            "kuma.io/protocol: htp (expected: tcp, tls, http, http2, grpc, kafka; did you mean"
                + " http?)");
  }
}
