package io.zoneproxy.ingress.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each mistake: one clear line on standard error, exit code 1, and nothing left behind. */
class StartFailureTest {
  private static final String SET = " [set by KUMA_DATAPLANE_RUNTIME_RESOURCE_PATH]";

  private final Path folder;
  private final World world;

  StartFailureTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    world = new World(folder, 1);
  }

  private void fails(String words, String... more) throws IOException {
    failsWith(Map.of(), words, world.flags(more));
  }

  private void failsWith(Map<String, String> environment, String words, String... args)
      throws IOException {
    Outcome outcome = Outcome.of(environment, "", args);
    assertThat(outcome.err()).contains(words);
    assertThat(outcome.err().lines())
        .singleElement()
        .asString()
        .startsWith("ingress: ")
        .doesNotContain("Exception");
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(world.isUnbound()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--concurrency=-1 | --concurrency=-1 (expected: 0 to 1024)",
        "--concurrency=1025 | --concurrency=1025 (expected: 0 to 1024)",
        "--concurrency=two | 'two' is not a number (expected: a whole one",
        "--concurrency=1.5 | '1.5' is not a number",
        "--concurrency=99999999999 | at most 2147483647",
        "--max-connections=-1 | --max-connections=-1 (expected: 0 to 2147483647)",
        "--max-connections=many | '--max-connections': 'many' is not a number",
        "--max-connections-per-listener=-2 | --max-connections-per-listener=-2 (expected: 0 to",
        "--max-connections-per-listener=x | 'x' is not a number",
        "--readiness-port=0 | --readiness-port=0 (expected: 1 to 65535)",
        "--readiness-port=-1 | --readiness-port=-1 (expected: 1 to 65535)",
        "--readiness-port=70000 | --readiness-port=70000 (expected: 1 to 65535)",
        "--readiness-port=http | '--readiness-port': 'http' is not a number",
        "--hello-timeout=0 | --hello-timeout=0s (expected: at least 1ms)",
        "--hello-timeout=999us | --hello-timeout=999us (expected: at least 1ms)",
        "--connect-timeout=0s | --connect-timeout=0s (expected: at least 1ms)",
        "--drain-time=0s | --drain-time=0s (expected: at least 1ms)",
        "--drain-time=soon | 'soon' is not a duration (expected: for example 30s",
        "--drain-time= | '' is not a duration",
        "--drain-time=30 | '30' is not a duration",
        "--drain-accept-idle=-5s | '-5s' is not a duration",
        "--idle-timeout=-1h | '-1h' is not a duration",
        "--idle-timeout=87601h | '87601h' is too long (expected: at most 87600h)",
        "--half-close-timeout=1d | '1d' is not a duration",
        "--max-connection-time=x | '--max-connection-time': 'x' is not a duration",
        "--removal-policy=cut-it | --removal-policy=cut-it (expected: drain, keep, cut)",
        "--log-level=warn | --log-level=warn (expected: off, info, debug)",
        "--access-log-format=xml | --access-log-format=xml (expected: json, text)",
        "--access-log= | --access-log= (expected: stdout, stderr, off or a file)",
        "--proxy-type=zone | --proxy-type=zone: unknown (expected: ingress, dataplane)",
        "--proxy-type=ingress,ingress | --proxy-type=ingress,ingress: ingress stands twice",
        "--proxy-type=ingress,dataplane | with 1 own resources (expected: 2, by --dataplane-file)",
        "--proxy-type=dataplane | ingress-1 is a ZoneIngress (expected: Dataplane",
        "--zone= | --zone is missing (expected: the own zone's name)",
        "--resources= | running from a control plane (https://localhost:5678) is not in this build",
        "--cp-address=https://cp:5678 | --resources and --cp-address=https://cp:5678 together",
        "--name=n | --name=n --mesh= belong to a control plane",
        "--dataplane-var=novalue | --dataplane-var=novalue (expected: name=value)",
        "--frobnicate=secret | unknown: --frobnicate (expected: flags and commands that --help"
            + " lists)",
        "frobnicate | unknown: frobnicate (expected: flags and commands that --help lists)",
        "valdate | unknown: valdate (expected: flags and commands that --help lists; did you mean"
            + " v",
        "--workdir=x | that --help lists; did you mean --work-dir?)",
        "--work-dir=/proc/x | --work-dir=/proc/x: cannot be made: there can be no folder"
            + " (expected:",
        "--zone | Missing required parameter for option '--zone'",
      })
  void aBadFlagIsNamedWithItsValueAndWhatWouldBeRight(String flag, String words)
      throws IOException {
    fails(words, flag);
  }

  @Test
  void theIngressJarRefusesTheEgressRoleByName() throws IOException {
    fails(
        "--proxy-type=egress: ingress.jar has no egress role (expected: ingress, dataplane;"
            + " egress.jar has it)",
        "--proxy-type=egress");
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "certificate"})
  void theIngressJarSaysWhichOneHasACommand(String command) throws IOException {
    failsWith(
        Map.of(),
        "ingress.jar has no %1$s (expected: java -jar egress.jar %1$s)".formatted(command),
        command,
        "--mesh=default");
  }

  @Test
  void severalBadFlagsAreSaidTogether() throws IOException {
    Outcome outcome =
        Outcome.of(
            world.flags(
                "--concurrency=-1", "--drain-time=0", "--log-level=x", "--readiness-port=0"));
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err().lines())
        .hasSize(4)
        .allMatch(line -> line.startsWith("ingress: --") && line.contains("(expected: "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/no/such/file.yaml", "/"})
  void anOwnResourceThatCannotBeReadIsNamed(String file) throws IOException {
    failsWith(
        Map.of(),
        file + ": " + (file.equals("/") ? "is not a regular file" : "no such file"),
        "--proxy-type=ingress",
        "--dataplane-file=" + file,
        "--resources=" + world.resources,
        "--zone=east");
  }

  @Test
  void withoutAnOwnResourceItSaysWhatIsExpected() throws IOException {
    failsWith(
        Map.of(),
        "--proxy-type=ingress with 0 own resources (expected: 1, by --dataplane-file)",
        "--proxy-type=ingress",
        "--resources=" + world.resources,
        "--zone=east");
  }

  @Test
  void withoutAProgramForControlPlanesItSaysSo() throws IOException {
    failsWith(
        Map.of(),
        "running from a control plane (https://cp:5678) is not in this build (expected:"
            + " --resources",
        "--proxy-type=ingress",
        "--dataplane-file=" + world.own,
        "--cp-address=https://cp:5678");
  }

  @Test
  void aMissingFolderOfResourcesIsNamed() throws IOException {
    fails("--resources=/no/such: no such folder or file", "--resources=/no/such");
  }

  @Test
  void anErrorInAFileIsNamedWithDocumentLineAndField() throws IOException {
    Path file =
        world.write("bad.yaml", "type: Zone\nname: a\n---\n" + World.dataplane("b", 99_999));
    fails(file + ":10 (document 2): networking.inbound[0].port: 99999 (expected: 1 to 65535)");
  }

  @Test
  void brokenYamlIsNamedWithItsLine() throws IOException {
    Path file = world.write("bad.yaml", "type: Zone\nname: [a\n");
    fails(file + ":");
  }

  @Test
  void everyErrorOfEveryFileHasALine() throws IOException {
    world.write("bad1.yaml", World.dataplane("b", 0));
    world.write("bad2.yaml", World.dataplane("c", 70_000));
    Outcome outcome = Outcome.of(world.flags());
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err().lines())
        .hasSize(2)
        .anyMatch(line -> line.contains("bad1.yaml"))
        .anyMatch(line -> line.contains("bad2.yaml"));
  }

  @Test
  void anUnreadableResourceFileIsNamed() throws IOException {
    Path memory = Path.of("/proc/self/mem"); // reading it fails for root too, with EIO
    assumeThat(memory).exists();
    Path link = Files.createSymbolicLink(world.resources.resolve("dead.yaml"), memory);
    fails(link + ": ");
  }

  @Test
  void aSecondOwnResourceForARoleIsNamed() throws IOException {
    Path second = Files.writeString(folder.resolve("second.yaml"), world.ingress("ingress-2"));
    fails(
        second + ": a second ZoneIngress (expected: one for each role)",
        "--dataplane-file=" + second);
  }

  @Test
  void theOwnResourceInTwoFilesIsNamedWithBothPlaces() throws IOException {
    Path copy = world.write("copy.yaml", world.ingress("ingress-1"));
    fails(
        "%s:1 (document 1): name: ZoneIngress/ingress-1 stands at %s:1 (document 1) too"
            .formatted(copy, world.own));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--access-log", "--log-output-path"})
  void aLogWithoutAFolderIsRefusedAndTheFolderIsNotMade(String flag) throws IOException {
    Path file = folder.resolve("missing").resolve("x.log");
    fails(
        "%s=%s: no folder %s (expected: a file in a folder that exists)"
            .formatted(flag, file, file.getParent()),
        flag + "=" + file);
    assertThat(file.getParent()).doesNotExist();
    fails(flag + "=" + folder + ": is a folder (expected: a file)", flag + "=" + folder);
  }

  @ParameterizedTest
  @CsvSource({
    "KUMA_READINESS_PORT, --readiness-port",
    "KUMA_DATAPLANE_DRAIN_TIME, --drain-time",
    "KUMA_DATAPLANE_RUNTIME_CONCURRENCY, --concurrency",
    "ZONEPROXY_IDLE_TIMEOUT, --idle-timeout",
    "ZONEPROXY_MAX_CONNECTIONS, --max-connections",
  })
  void anEmptyNumberInAVariableIsAnErrorThatNamesTheVariable(String variable, String flag)
      throws IOException {
    failsWith(Map.of(variable, ""), "'" + flag + "': '' is not a ", world.flags());
    failsWith(Map.of(variable, ""), "[set by " + variable + "]", world.flags());
  }

  @Test
  void aBadVariableIsNamedBesideItsFlag() throws IOException {
    failsWith(
        Map.of("KUMA_READINESS_PORT", "70000"),
        "--readiness-port=70000 (expected: 1 to 65535) [set by KUMA_READINESS_PORT]",
        world.flags());
    failsWith(
        Map.of("KUMA_CONTROL_PLANE_URL", "https://cp:5678"),
        "--resources and --cp-address=https://cp:5678 together (expected: one of them) [set by",
        world.flags());
  }

  @Test
  void theVariableOfTheOwnResourceReplacesAllFlags() throws IOException {
    Path one = folder.resolve("one.yaml");
    Path two = folder.resolve("two.yaml");
    Map<String, String> environment =
        Map.of("KUMA_DATAPLANE_RUNTIME_RESOURCE_PATH", one + "," + two);
    Outcome outcome = Outcome.of(environment, "", world.flags());
    assertThat(outcome.err().lines())
        .containsExactlyElementsOf(
            List.of(
                "ingress: --dataplane-file=" + one + ": no such file" + SET,
                "ingress: --dataplane-file=" + two + ": no such file" + SET));
  }
}
