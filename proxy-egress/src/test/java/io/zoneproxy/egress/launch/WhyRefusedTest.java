package io.zoneproxy.egress.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.egress.EgressRole;
import io.zoneproxy.ingress.flags.Roles;
import io.zoneproxy.ingress.inspect.ExplainCommand;
import io.zoneproxy.ingress.inspect.ValidateCommand;
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

  @Test
  void aMissingFileOfAnAuthorityIsAnErrorOnceForTheService() throws IOException {
    service("api", "file: " + folder.resolve("none.pem"));
    String why =
        "cluster default:api: trusted_ca of file %1$s: there is no such file (looked for: %1$s)"
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
  void aFolderWithoutAResourceIsWarnedOf() throws IOException {
    Files.delete(folder.resolve("mesh.yaml"));
    assertThat(validate()).isZero();
    assertThat(said.toString()).contains("warning --resources=" + folder + ": holds no resource");
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
}
