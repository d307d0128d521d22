package io.zoneproxy.ingress.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.text.JsonReader;
import io.zoneproxy.ingress.launch.Outcome;
import io.zoneproxy.ingress.launch.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidateCommandTest {
  private static final int BACKEND_PORT = 4711;

  private final Path folder;
  private final World world;

  ValidateCommandTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    world = new World(folder, BACKEND_PORT);
  }

  private Outcome validate(String... more) {
    String[] args = new String[more.length + 2];
    args[0] = "validate";
    args[1] = "--resources=" + world.resources;
    System.arraycopy(more, 0, args, 2, more.length);
    return Outcome.of(args);
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> list(Map<String, Object> tree, String name) {
    return (List<Map<String, Object>>) tree.getOrDefault(name, List.of());
  }

  @Test
  void saysWhatWouldBeRoutedWithoutAZone() {
    Outcome outcome = validate();
    assertThat(outcome.code()).isZero();
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out())
        .contains("listener ", "127.0.0.1:10001: 1 server names")
        .contains("    sni backend{mesh=default}\n")
        .contains("    endpoint 127.0.0.1:4711")
        .contains("weight 1\n")
        .doesNotContain("error");
  }

  @Test
  void takesTheOwnResourceForItsAddress() {
    Outcome outcome = validate("--dataplane-file=" + world.own, "--zone=east");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).contains("127.0.0.1:" + world.port + ": 2 server names");
  }

  @Test
  void readsTheOwnResourceFromStandardInputWithVariables() {
    String template = "type: ZoneIngress\nname: i\nnetworking: {address: {{ a }}, port: 10009}\n";
    Outcome outcome =
        Outcome.of(
            Map.of(),
            template,
            "validate",
            "--resources=" + world.resources,
            "-d",
            "-",
            "-v",
            "a=127.0.0.9");
    assertThat(outcome.code()).as(outcome.err() + outcome.out()).isZero();
    assertThat(outcome.out()).contains("127.0.0.9:10009: 1 server names");
  }

  @Test
  void namesAllErrorsAtOnceWithFileDocumentFieldAndRange() throws IOException {
    Path one =
        world.write(
            "one.yaml", World.dataplane("a", 99_999) + "---\n" + World.dataplane("b", 70_000));
    Path two = world.write("two.yaml", "type: Zone\n");
    Outcome outcome = validate();
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out())
        .contains(
            "error   "
                + one
                + ":7 (document 1): networking.inbound[0].port: 99999 (expected: 1 to 65535)\n")
        .contains(one + ":17 (document 2): networking.inbound[0].port: 70000 (expected: 1 to")
        .contains("error   " + two + ":1 (document 1): name: ")
        .contains("sni backend{mesh=default}"); // what is good is shown all the same
    assertThat(outcome.out().lines().filter(line -> line.startsWith("error"))).hasSize(3);
  }

  @Test
  void anErrorInTheOwnResourceCountsToo() throws IOException {
    Path own = Files.writeString(folder.resolve("own.yaml"), "type: ZoneIngress\nname: x\n");
    Outcome outcome = validate("--dataplane-file=" + own);
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out()).contains("error   " + own);
  }

  @Test
  void answersInJson() throws IOException {
    Path bad = world.write("bad.yaml", World.dataplane("a", 99_999));
    Outcome outcome = validate("--format=json");
    assertThat(outcome.code()).isEqualTo(1);
    Map<String, Object> tree = JsonReader.object(outcome.out().strip());
    assertThat(tree).containsEntry("valid", false);
    assertThat(list(tree, "problems"))
        .singleElement()
        .isEqualTo(
            Map.of(
                "severity",
                "error",
                "file",
                bad.toString(),
                "document",
                1L,
                "line",
                7L,
                "field",
                "networking.inbound[0].port",
                "message",
                "99999 (expected: 1 to 65535)"));
    Map<String, Object> listener = list(tree, "listeners").get(0);
    assertThat(listener).containsEntry("address", "127.0.0.1:10001");
    assertThat(list(listener, "chains"))
        .singleElement()
        .satisfies(
            chain ->
                assertThat(chain)
                    .containsEntry("serverNames", List.of(World.BACKEND))
                    .containsEntry("action", "passthrough"));
    assertThat(list(list(tree, "clusters").get(0), "endpoints"))
        .singleElement()
        .satisfies(
            endpoint ->
                assertThat(endpoint)
                    .containsEntry("address", "127.0.0.1:4711")
                    .containsEntry("weight", 1L)
                    .containsEntry("priority", 0L));
  }

  @Test
  void aGoodFolderIsValidInJson() {
    Outcome outcome = validate("--format=json");
    assertThat(outcome.code()).isZero();
    assertThat(JsonReader.object(outcome.out().strip()))
        .containsEntry("valid", true)
        .containsEntry("problems", List.of());
  }

  @Test
  void aTerminalObeysNothingInAResource() throws IOException {
    world.write(
        "evil.yaml", World.dataplane("a", 99_999).replace("type:", "\"\\e[2J\\u202e\": 1\ntype:"));
    Outcome outcome = validate();
    assertThat(outcome.out())
        .contains("\\x1B[2J\\u202E")
        .doesNotContain("\u001b")
        .doesNotContain("\u202e");
  }

  @Test
  void aWarningIsNoError() throws IOException {
    world.write("plain.yaml", "type: Mesh\nname: plain\n");
    Outcome outcome = validate();
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).contains("warning ").contains("plain");
  }

  @Test
  void aZoneThatNoResourceNamesIsWarnedOfWithoutAZoneResource() throws IOException {
    String there =
        """
        type: Dataplane
        mesh: default
        name: web-1
        labels: {kuma.io/zone: east}
        networking: {address: 127.0.0.1, inbound: [{port: 1, tags: {kuma.io/service: web}}]}
        """;
    Path web = world.write("web.yaml", there);
    assertThat(validate("--zone=eats").out())
        .contains(
            "warning %s:1 (document 1): zone: Dataplane/default/web-1 is of zone east, and nothing"
                    .formatted(web)
                + " here is of eats, the own one (expected: --zone with one of east, or");
    assertThat(validate("--zone=east").out()).doesNotContain("is of zone");
    assertThat(validate().out()).doesNotContain("is of zone");
  }

  @Test
  void ingressesOfOtherZonesSayNothingOfTheOwn() throws IOException {
    world.write(
        "west.yaml",
        """
        type: ZoneIngress
        name: west-1
        zone: west
        networking: {address: 192.0.2.1, port: 1, advertisedAddress: 192.0.2.1, advertisedPort: 1}
        """);
    assertThat(validate("--zone=east").out()).doesNotContain("is of zone");
  }

  @Test
  void aMissingFolderOrFormatIsAnError() {
    assertThat(Outcome.of("validate"))
        .isEqualTo(
            new Outcome(
                1,
                "",
                "ingress: validate: one of --resources and --snapshot is needed, not both"
                    + " (expected: --resources=DIR or FILE, or --snapshot=FILE)\n"));
    assertThat(validate("--format=xml"))
        .isEqualTo(new Outcome(1, "", "ingress: --format=xml (expected: text or json)\n"));
    Outcome missing = Outcome.of("validate", "--resources=/no/such");
    assertThat(missing.code()).isEqualTo(1);
    assertThat(missing.out()).contains("error   --resources=/no/such: no such folder or file");
  }
}
