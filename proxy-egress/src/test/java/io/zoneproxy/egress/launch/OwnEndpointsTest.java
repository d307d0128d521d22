package io.zoneproxy.egress.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.egress.EgressRole;
import io.zoneproxy.ingress.flags.Roles;
import io.zoneproxy.ingress.inspect.ValidateCommand;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Whoever writes a service that leads to the proxy itself is told so before it runs. */
final class OwnEndpointsTest {
  private static final String EGRESS =
      """
      type: ZoneEgress
      name: egress-1
      networking: {address: 127.0.0.1, port: 10002, admin: {port: 9901}}
      """;

  /** Two combinations of tags, so two server names. */
  private static final String SERVICE =
      """
      type: Mesh
      name: default
      mtls: {enabledBackend: ca-1, backends: [{name: ca-1, type: builtin}]}
      ---
      type: ExternalService
      mesh: default
      name: loop
      tags: {kuma.io/service: loop, version: v1}
      networking: {address: "%s"}
      """;

  private final Path folder;
  private final Path resources;

  OwnEndpointsTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.resources = Files.createDirectory(folder.resolve("resources"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:10002", "127.0.0.1:9901"}) // its listener, its admin port
  void aServiceThatIsTheProxyItselfIsWarnedOfOnce(String address) throws IOException {
    assertThat(validate(address, "--dataplane-file=" + own()))
        .containsOnlyOnce("this proxy itself")
        .contains(
            "external service loop of mesh default: %s is not dialed: this proxy itself listens there"
                .formatted(address));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:10003", "192.0.2.1:10002", "[::1]:9901", "a.example:10002"})
  void anotherPortOrAddressIsNot(String address) throws IOException {
    assertThat(validate(address, "--dataplane-file=" + own())).doesNotContain("this proxy itself");
  }

  @Test
  void whereNoOwnResourceIsKnownNoAddressIsTheProxysOwn() throws IOException {
    assertThat(validate("127.0.0.1:10002")).doesNotContain("this proxy itself");
  }

  private Path own() throws IOException {
    return Files.writeString(folder.resolve("egress.yaml"), EGRESS);
  }

  private String validate(String address, String... more) throws IOException {
    Files.writeString(resources.resolve("service.yaml"), SERVICE.formatted(address));
    CommandLine line =
        new CommandLine(
            new ValidateCommand(
                new Roles("egress", List.of(new EgressRole())), InputStream.nullInputStream()));
    StringWriter said = new StringWriter();
    line.setOut(new PrintWriter(said));
    String[] all = new String[more.length + 3];
    all[0] = "--resources=" + resources;
    all[1] = "--zone=zone-1";
    all[2] = "--work-dir=" + folder.resolve("work");
    System.arraycopy(more, 0, all, 3, more.length);
    line.execute(all);
    assertThat(said.toString()).contains("terminate loop{mesh=default}");
    return said.toString();
  }
}
