package io.zoneproxy.egress.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.egress.identity.BuiltinAuthorities;
import io.zoneproxy.ingress.flags.UsageException;
import io.zoneproxy.tls.context.Pem;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class CertificateCommandTest {
  /** Of a URI among the names of a certificate (RFC 5280 §4.2.1.6). */
  private static final int URI_NAME = 6;

  private final StringWriter said = new StringWriter();
  private final StringWriter warned = new StringWriter();
  private final List<String> failures = new ArrayList<>();
  private final Path folder;

  CertificateCommandTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void writesCertificateKeyAndAuthority() throws Exception {
    assertThat(run("--mesh=default", "--service=shop", "--tag=version=v1", "--backend=ca-1"))
        .isZero();
    Path out = folder.resolve("out");
    assertThat(said.toString()).contains(out.resolve("cert.pem") + ": spiffe://default/shop until");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out.resolve("key.pem"))))
        .isEqualTo("rw-------");
    assertThat(Files.readString(out.resolve("ca.pem")))
        .isEqualTo(
            new BuiltinAuthorities(folder.resolve("work"))
                .authority("default", "ca-1")
                .certificates());
    assertThat(run("--mesh=default", "--service=other")).isZero(); // the one that is there
  }

  @Test
  void aNewAuthorityIsSaidAndThoseBesideItAreNamed() {
    String made =
        "made a new CA for mesh %s, backend ca-1, in " + folder.resolve("work") + "; a proxy";
    assertThat(run("--mesh=default", "--service=shop", "--backend=ca-1")).isZero();
    assertThat(warned.toString()).startsWith(made.formatted("default")).hasLineCount(1);
    warned.getBuffer().setLength(0);
    assertThat(run("--mesh=default", "--service=shop", "--backend=ca-1")).isZero();
    assertThat(warned.toString()).isEmpty();
    assertThat(run("--mesh=defualt", "--service=shop", "--backend=ca-1")).isZero();
    assertThat(warned.toString())
        .startsWith(made.formatted("defualt"))
        .endsWith("the folder has a CA of mesh default already\n");
    warned.getBuffer().setLength(0);
    assertThat(run("--mesh=default", "--service=shop", "--backend=ca-2")).isZero();
    assertThat(warned.toString())
        .endsWith("the folder has a CA of backend ca-1 of mesh default, mesh defualt already\n");
  }

  @Test
  void wantsTheBackendOfAMeshThatHasNone() {
    assertThat(run("--mesh=default", "--service=shop")).isEqualTo(1);
    assertThat(failures)
        .containsExactly(
            "--backend is missing: %s has no CA of mesh default (expected: the mesh's"
                    .formatted(folder.resolve("work"))
                + " mtls.enabledBackend)");
  }

  @Test
  void refusesWhatIsNoTagAndNoName() {
    run("--mesh=default", "--service=a/b", "--backend=ca-1");
    run("--mesh=default", "--service=a", "--tag=version", "--backend=ca-1");
    run("--mesh=default", "--service=a", "--valid-for=0", "--backend=ca-1");
    assertThat(failures)
        .containsExactly(
            "--service=a/b (expected: letters, digits, '.', '-' and '_')",
            "--tag=version (expected: name=value)",
            "--valid-for=0 (expected: a time above zero)");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void writesACertificateOfAMeshIdentity() throws Exception {
    String id = "spiffe://default.zone-1.mesh.local/workload/shop";
    assertThat(run("--mesh=default", "--spiffe-id=" + id, "--identity=identity")).isZero();
    Path out = folder.resolve("out");
    assertThat(said.toString()).contains(out.resolve("cert.pem") + ": " + id + " until");
    assertThat(Pem.certificates(Files.readString(out.resolve("cert.pem")), "it"))
        .singleElement()
        .satisfies(
            own ->
                assertThat(own.getSubjectAlternativeNames())
                    .containsExactly(List.of(URI_NAME, id)));
    assertThat(Files.readString(out.resolve("ca.pem")))
        .isEqualTo(
            new BuiltinAuthorities(folder.resolve("work"))
                .authorityOfIdentity("default", "identity")
                .certificates());
    assertThat(run("--mesh=default", "--spiffe-id=" + id)).isZero(); // the one that is there
  }

  @Test
  void wantsOneWayToSayWhoItIs() {
    run("--mesh=default");
    run("--mesh=default", "--service=shop", "--spiffe-id=spiffe://a/b");
    run("--mesh=default", "--service=shop", "--identity=identity");
    run("--mesh=default", "--spiffe-id=spiffe://a/b", "--backend=ca-1");
    run("--mesh=default", "--spiffe-id=spiffe://A/b c", "--identity=identity");
    run("--mesh=default", "--spiffe-id=spiffe://a/b");
    assertThat(failures).hasSize(6);
    assertThat(failures.subList(0, 2)).allMatch(each -> each.startsWith("one of --service and"));
    assertThat(failures.subList(2, 6))
        .containsExactly(
            "--identity goes with --spiffe-id (expected: --backend)",
            "--backend and --tag go with --service (expected: --identity, and no tags)",
            "--spiffe-id=spiffe://A/b c (expected: spiffe://TRUST-DOMAIN/PATH, of letters, digits,"
                + " '.', '-', '_')",
            "--identity is missing: %s has no CA of mesh default (expected: the name of its"
                    .formatted(folder.resolve("work"))
                + " MeshIdentity)");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--work-dir=" + folder.resolve("work"));
    all.add("--out=" + folder.resolve("out"));
    CommandLine line = new CommandLine(new CertificateCommand());
    line.setOut(new PrintWriter(said));
    line.setErr(new PrintWriter(warned));
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          if (e instanceof UsageException) {
            failures.add(String.valueOf(e.getMessage()));
            return 1;
          }
          throw e;
        });
    return line.execute(all.toArray(new String[0]));
  }
}
