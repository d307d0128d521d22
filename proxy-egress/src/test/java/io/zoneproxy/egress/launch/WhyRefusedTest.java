package io.zoneproxy.egress.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.egress.EgressRole;
import io.zoneproxy.egress.MeshScopedRole;
import io.zoneproxy.ingress.IngressRole;
import io.zoneproxy.ingress.flags.Roles;
import io.zoneproxy.ingress.inspect.ExplainCommand;
import io.zoneproxy.ingress.inspect.ValidateCommand;
import io.zoneproxy.ingress.translate.ServerNames;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Whoever writes a service that nobody can reach is told so, and why, before it runs. */
final class WhyRefusedTest {
  private static final String MESH =
      """
      type: Mesh
      name: default
      mtls: {enabledBackend: ca-1, backends: [{name: ca-1, type: builtin}]}
      """;

  private final StringWriter said = new StringWriter();
  private final Path folder;
  private final Path work;

  WhyRefusedTest(@TempDir Path folder) throws IOException {
    this.folder = Files.createDirectory(folder.resolve("resources"));
    this.work = folder.resolve("work");
    Files.writeString(this.folder.resolve("mesh.yaml"), MESH);
  }

  private void service(String name, String ca) throws IOException {
    Files.writeString(
        folder.resolve(name + ".yaml"),
        """
        type: ExternalService
        mesh: default
        name: %1$s
        tags: {kuma.io/service: %1$s, kuma.io/protocol: http}
        networking: {address: "localhost:8443", tls: {enabled: true, caCert: {%2$s}}}
        """
            .formatted(name, ca));
  }

  /** One of the mesh that the zone's ingress leads to. */
  private void local(String name) throws IOException {
    Files.writeString(
        folder.resolve("local-" + name + ".yaml"),
        """
        type: Dataplane
        mesh: default
        name: %1$s-1
        networking:
          address: 127.0.0.1
          inbound: [{port: 4711, tags: {kuma.io/service: %1$s}}]
        """
            .formatted(name));
  }

  private int run(Callable<Integer> command, String... more) {
    CommandLine line = new CommandLine(command);
    line.setOut(new PrintWriter(said));
    String[] all = new String[more.length + 2];
    all[0] = "--resources=" + folder;
    all[1] = "--zone=zone-1";
    System.arraycopy(more, 0, all, 2, more.length);
    return line.execute(all);
  }

  private int validate(String... more) {
    return run(new ValidateCommand(roles(), InputStream.nullInputStream()), more);
  }

  private int explain(String serverName, String... more) {
    String[] all = new String[more.length + 1];
    all[0] = "--sni=" + serverName;
    System.arraycopy(more, 0, all, 1, more.length);
    return run(new ExplainCommand(roles(), InputStream.nullInputStream()), all);
  }

  private static Roles roles() {
    return new Roles("egress", List.of(new EgressRole()));
  }

  private static Roles bothRoles() {
    return new Roles("egress", List.of(new EgressRole(), new IngressRole()));
  }

  @Test
  void aMissingFileOfAnAuthorityIsAnErrorOnceForTheService() throws IOException {
    service("api", "file: " + folder.resolve("none.pem"));
    String why =
        "cluster default:api: CA of file %1$s: there is no such file (looked for: %1$s)"
            .formatted(folder.resolve("none.pem"));
    assertThat(validate()).isEqualTo(1);
    assertThat(said.toString())
        .containsOnlyOnce("error   ")
        .contains(
            "error   %s/api.yaml:1 (document 1): external service api of mesh default refuses every"
                    .formatted(folder)
                + " connection: "
                + why
                + "\n")
        .contains("  refused sni api{mesh=default}: " + why + "\n");
  }

  @Test
  void aSecretThatIsNotAmongTheFilesIsNamed() throws IOException {
    service("api", "secret: gone");
    assertThat(validate("--format=json")).isEqualTo(1);
    assertThat(said.toString())
        .startsWith("{\"valid\":false,")
        .contains(
            "\"action\":\"refused\",\"reason\":\"networking.tls: secret gone: there is no such"
                + " Secret in mesh default\"");
  }

  @Test
  void aCertificateThatCannotBeReadIsAnError() throws IOException {
    service("api", "inlineString: junk");
    assertThat(validate()).isEqualTo(1);
    assertThat(said.toString()).contains("no certificate in it (expected: PEM)");
  }

  @Test
  void anAuthorityOfTheMeshThatCannotBeReadIsAnErrorOfTheMeshAlone() throws IOException {
    Files.writeString(
        folder.resolve("mesh.yaml"),
        MESH.replace(
            "type: builtin",
            "type: provided, conf: {cert: {file: /no/c.pem}, key: {file: /no/k.pem}}"));
    service("api", "file: " + folder.resolve("mesh.yaml")); // never looked at
    assertThat(validate()).isEqualTo(1);
    assertThat(said.toString())
        .contains(
            "mtls.backends: external services of mesh default cannot be served: file /no/c.pem")
        .contains("  refused sni api{mesh=default}: there is no certificate of its mesh");
  }

  @Test
  void explainGivesTheSameReason() throws IOException {
    service("api", "secret: gone");
    assertThat(explain("api{mesh=default}")).isEqualTo(1);
    assertThat(said.toString())
        .contains("action    refused: networking.tls: secret gone: there is no such Secret")
        .doesNotContain("has not been sent");
  }

  @Test
  void theIngressServesAServiceOfTheSameName() throws IOException {
    service("api", "secret: gone");
    local("api");
    assertThat(run(new ValidateCommand(bothRoles(), InputStream.nullInputStream()))).isEqualTo(1);
    assertThat(said.toString())
        .containsOnlyOnce("  refused sni api{mesh=default}: networking.tls: secret gone")
        .containsOnlyOnce("error   ")
        .contains("  cluster ingress/default:api\n", "    sni api{mesh=default}\n");
    said.getBuffer().setLength(0);
    assertThat(
            run(
                new ExplainCommand(bothRoles(), InputStream.nullInputStream()),
                "--sni=api{mesh=default}"))
        .as("the ingress serves it")
        .isZero();
    assertThat(said.toString())
        .containsOnlyOnce("action    refused: networking.tls")
        .contains("  cluster   ingress/default:api\n");
  }

  @Test
  void whatServesIsNotRefusedAndABuiltinAuthorityIsNotMade() throws IOException {
    Files.writeString(
        folder.resolve("open.yaml"),
        """
        type: ExternalService
        mesh: default
        name: open
        tags: {kuma.io/service: open, kuma.io/protocol: tcp}
        networking: {address: "localhost:8443"}
        """);
    assertThat(validate("--work-dir=" + work)).as(said::toString).isZero();
    assertThat(explain("open{mesh=default}")).isZero();
    assertThat(said.toString())
        .contains("terminate open{mesh=default}")
        .doesNotContain("refused", "has not been sent");
    assertThat(work).doesNotExist();
  }

  @Test
  void aBuiltinAuthorityWithoutAFolderIsWarnedOf() throws IOException {
    open("open", "http");
    assertThat(validate()).as("what is missing is a flag, not a resource").isZero();
    assertThat(said.toString())
        .containsOnlyOnce("warning ")
        .contains(
            "warning %s/mesh.yaml:1 (document 1): mtls.backends: backend ca-1 is builtin, so a proxy"
                    .formatted(folder)
                + " keeps its key in --work-dir, and does not start without one");
    said.getBuffer().setLength(0);
    assertThat(validate("--work-dir=" + work)).isZero();
    assertThat(said.toString()).doesNotContain("warning ");
  }

  @Test
  void aFolderWithoutAResourceIsWarnedOf() throws IOException {
    Files.delete(folder.resolve("mesh.yaml"));
    assertThat(validate()).isZero();
    assertThat(said.toString()).contains("warning --resources=" + folder + ": holds no resource");
  }

  @Test
  void aFolderThatRoutesNothingIsWarnedOf() {
    assertThat(run(new ValidateCommand(bothRoles(), InputStream.nullInputStream()))).isZero();
    assertThat(said.toString())
        .isEqualTo(
            "warning --resources="
                + folder
                + ": routes nothing: every connection would be closed (expected: for an egress, an"
                + " ExternalService or a MeshExternalService, or a ZoneIngress of another zone with"
                + " availableServices; for an ingress, a Dataplane of this zone with an"
                + " inbound)\n");
  }

  @Test
  void whatNobodyHasAskedForIsNotShown() throws IOException {
    open("open", "http");
    assertThat(run(new ValidateCommand(bothRoles(), InputStream.nullInputStream()))).isZero();
    assertThat(said.toString())
        .contains("listener inbound:127.0.0.1:10002")
        .doesNotContain("10001");
    said.getBuffer().setLength(0);

    local("web");
    assertThat(run(new ValidateCommand(bothRoles(), InputStream.nullInputStream()))).isZero();
    assertThat(said.toString()).contains("10002: ", "10001: 2 server names");
    said.getBuffer().setLength(0);

    Path own = folder.resolveSibling("egress.yaml");
    Files.writeString(
        own, "type: ZoneEgress\nname: own\nnetworking: {address: 127.0.0.1, port: 10009}\n");
    assertThat(
            run(
                new ValidateCommand(bothRoles(), InputStream.nullInputStream()),
                "--dataplane-file=" + own))
        .isZero();
    assertThat(said.toString()).contains("10009: ").doesNotContain("10001", "10002");
  }

  @Test
  void anErrorHidesNoWarning() throws IOException {
    Files.writeString(
        folder.resolve("zones.yaml"),
        """
        type: Zone
        name: zone-1
        ---
        type: ZoneIngress
        name: west-1
        zone: wst
        networking: {address: 192.0.2.1, port: 10001, advertisedAddress: 192.0.2.1, advertisedPort: 1}
        ---
        type: ZoneIngress
        name: east-1
        zone: zone-1
        networking: {address: 192.0.2.1, port: 100010}
        """);
    assertThat(validate()).isEqualTo(1);
    assertThat(said.toString())
        .contains("100010 (expected: 1 to 65535)\n")
        .contains("zone: no zone is called wst (expected: one of zone-1, or a Zone resource)\n");
  }

  private void external(String forbid) throws IOException {
    Files.writeString(
        folder.resolve("mesh.yaml"),
        MESH + "routing: {defaultForbidMeshExternalServiceAccess: %s}\n".formatted(forbid));
    Files.writeString(
        folder.resolve("web.yaml"),
        """
        type: MeshExternalService
        mesh: default
        name: web
        spec:
          match: {type: HostnameGenerator, port: 80, protocol: http}
          endpoints: [{address: localhost, port: 8080}]
        """);
  }

  @Test
  void anEndpointOfNoZoneIsShownWithoutOne() throws IOException {
    external("false");
    assertThat(validate()).isZero();
    assertThat(said.toString()).contains("    endpoint localhost:8080 priority 0 weight 1\n");
  }

  @Test
  void aServiceIsFoundByTheNameThatItHasInTheFiles() throws IOException {
    external("false");
    assertThat(explain("web")).isEqualTo(1);
    assertThat(said.toString())
        .containsPattern("did you mean\n    a[0-9a-f]{16}\\.web\\.80\\.default\\.mes\n");
  }

  @Test
  void explainNamesTheMeshWhereNoPermissionIsAboutAService() throws IOException {
    external("false");
    String sni = ServerNames.ofMeshExternalService("web", 80, "default");
    assertThat(explain(sni, "--identity=spiffe://default/shop")).as(said::toString).isZero();
    assertThat(said.toString())
        .contains(
            "  caller    spiffe://default/shop may pass, because of"
                + " routing.defaultForbidMeshExternalServiceAccess=false of the mesh\n");
    external("true");
    assertThat(explain(sni, "--identity=spiffe://default/shop")).isEqualTo(1);
    assertThat(said.toString()).contains("may not pass: nothing allows it\n");
  }

  private void open(String name, String protocol) throws IOException {
    Files.writeString(
        folder.resolve(name + ".yaml"),
        """
        type: ExternalService
        mesh: default
        name: %1$s
        tags: {kuma.io/service: %1$s, kuma.io/protocol: %2$s}
        networking: {address: "localhost:8443"}
        """
            .formatted(name, protocol));
    Files.writeString(
        folder.resolve("permission.yaml"),
        """
        type: MeshTrafficPermission
        mesh: default
        name: shop-calls
        spec:
          targetRef: {kind: Mesh}
          from:
            - {targetRef: {kind: MeshSubset, tags: {kuma.io/service: shop}}, default: {action: Allow}}
            - {targetRef: {kind: MeshSubset, tags: {version: old}}, default: {action: Deny}}
        """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "tcp"})
  void explainNamesThePermissionThatDecidesForACaller(String protocol) throws IOException {
    open("open", protocol);
    assertThat(explain("open{mesh=default}", "--identity=spiffe://default/shop"))
        .as(said::toString)
        .isZero();
    assertThat(said.toString())
        .contains("  caller    spiffe://default/shop may pass, because of shop-calls\n");
    assertThat(explain("open{mesh=default}", "--identity=spiffe://default/other")).isEqualTo(1);
    assertThat(said.toString())
        .contains("  caller    spiffe://default/other may not pass: nothing allows it\n");
    assertThat(
            explain(
                "open{mesh=default}",
                "--identity=spiffe://default/shop,kuma://version/old",
                "--format=json"))
        .isEqualTo(1);
    assertThat(said.toString())
        .contains("\"caller\":{\"identity\":\"spiffe://default/shop\",\"allowed\":false,");
  }

  @Test
  void aCallerOfAnotherMeshFailsTheHandshakeAlready() throws IOException {
    open("open", "http");
    assertThat(explain("open{mesh=default}", "--identity=spiffe://other/shop")).isEqualTo(1);
    assertThat(said.toString())
        .contains(
            "fails the handshake: none of its names is expected there (expected: prefix"
                + " spiffe://default/)");
  }

  /** A mesh's own egress, and what it serves. */
  private Path meshEgress() throws IOException {
    Files.writeString(
        folder.resolve("mesh.yaml"),
        """
        type: Mesh
        name: default
        ---
        type: MeshIdentity
        mesh: default
        name: identity
        spec:
          selector: {dataplane: {matchLabels: {}}}
          provider: {type: Bundled, bundled: {autogenerate: {enabled: true}}}
        ---
        type: MeshExternalService
        mesh: default
        name: db
        spec:
          match: {type: HostnameGenerator, port: 5432, protocol: tcp}
          endpoints: [{address: 127.0.0.1, port: 4711}]
        ---
        type: MeshTrafficPermission
        mesh: default
        name: shop-may
        spec:
          targetRef: {kind: Dataplane, labels: {kuma.io/listener-zoneegress: enabled}}
          rules: [{default: {allow: [{spiffeID: {type: Exact, value: "spiffe://default.zone-1.mesh.local/workload/shop"}}]}}]
        """);
    return Files.writeString(
        work.resolveSibling("dataplane.yaml"),
        """
        type: Dataplane
        mesh: default
        name: zp-1
        labels: {kuma.io/workload: zone-proxy}
        networking:
          address: 127.0.0.1
          listeners: [{type: ZoneEgress, address: 127.0.0.1, port: 10002, name: ze-port}]
        """);
  }

  private static Roles ofMesh() {
    return new Roles("egress", List.of(new EgressRole(), new MeshScopedRole()));
  }

  @Test
  void validateShowsWhatAMeshsOwnEgressServesAndWritesNothing() throws IOException {
    Path own = meshEgress();
    int code =
        run(
            new ValidateCommand(ofMesh(), InputStream.nullInputStream()),
            "--dataplane-file=" + own,
            "--work-dir=" + work);
    assertThat(said.toString())
        .contains(
            "listener self_zoneegress_dp_ze-port at 127.0.0.1:10002: 1 server names",
            "terminate sni.extsvc.default.zone-1.db.5432")
        .doesNotContain("warning", "error");
    assertThat(code).isZero();
    assertThat(work).doesNotExist();
  }

  @Test
  void explainSaysOfAMeshsOwnEgressWhoMayPassAndWhoseTrustDomainIsNotBelieved() throws IOException {
    Path own = meshEgress();
    for (String id : List.of("default.zone-1.mesh.local/workload/shop", "a.example/shop")) {
      run(
          new ExplainCommand(ofMesh(), InputStream.nullInputStream()),
          "--sni=sni.extsvc.default.zone-1.db.5432",
          "--dataplane-file=" + own,
          "--identity=spiffe://" + id);
    }
    assertThat(said.toString())
        .contains(
            "spiffe://default.zone-1.mesh.local/workload/shop may pass, because of shop-may",
            "spiffe://a.example/shop fails the handshake: its trust domain is not believed there"
                + " (expected: a SPIFFE ID of default.zone-1.mesh.local)");
  }
}
