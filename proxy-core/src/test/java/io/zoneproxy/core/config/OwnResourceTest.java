package io.zoneproxy.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.config.OwnResource.Expected;
import io.zoneproxy.core.config.kuma.Reading;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.Resource;
import io.zoneproxy.core.resource.ZoneEgress;
import io.zoneproxy.core.resource.ZoneIngress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OwnResourceTest {
  private static final Expected EGRESS =
      new Expected(List.of(ZoneEgress.class), "--proxy-type=egress");
  private static final Expected ANY =
      new Expected(List.of(ZoneIngress.class, Dataplane.class), "--proxy-type=dataplane");
  private static final String TEMPLATE =
      """
      type: ZoneEgress
      name: {{ name }}
      networking: {address: {{ address }}, port: {{ port }}}
      """;
  private static final Map<String, String> VARIABLES =
      Map.of("name", "e-1", "address", "10.0.0.1", "port", "10002");

  private final Path folder;

  OwnResourceTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void readsAFileWithItsVariables() throws IOException {
    Path file = Files.writeString(folder.resolve("own.yaml"), TEMPLATE);
    assertEgress(
        OwnResource.read(file.toString(), InputStream.nullInputStream(), VARIABLES, EGRESS));
  }

  @Test
  void readsStandardInput() {
    InputStream in = new ByteArrayInputStream(TEMPLATE.getBytes(StandardCharsets.UTF_8));
    assertEgress(OwnResource.read("-", in, VARIABLES, EGRESS));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ZoneEgress", "ZoneIngress"})
  void portZeroLeavesTheChoiceToTheKernel(String type) {
    OwnResource own =
        OwnResource.parse(
            "own.yaml",
            "{type: %s, name: p, networking: {address: 10.0.0.1, port: 0}}".formatted(type),
            Map.of(),
            new Expected(List.of(ZoneEgress.class, ZoneIngress.class), "both"));
    assertThat(own.problems()).isEmpty();
    assertThat(own.resource())
        .map(one -> one instanceof ZoneEgress egress ? egress.address() : ingress(one).address())
        .contains(new HostPort("10.0.0.1", 0));
  }

  private static ZoneIngress ingress(Resource resource) {
    return (ZoneIngress) resource;
  }

  @Test
  void aMissingPortIsNotPortZero() {
    assertProblem(
        OwnResource.parse(
            "own.yaml",
            "{type: ZoneEgress, name: e, networking: {address: 10.0.0.1}}",
            Map.of(),
            EGRESS),
        "own.yaml:1 (document 1): networking.port: missing (expected: 1 to 65535)");
  }

  @Test
  void saysWhereAVariableIsMissing() {
    assertProblem(
        OwnResource.parse("own.yaml", TEMPLATE, Map.of("name", "e", "port", "1"), EGRESS),
        "own.yaml:3 (document 1): networking.address: missing (expected: an IP address or a DNS"
            + " name)");
  }

  @Test
  void callsStandardInputByItsName() {
    InputStream in = new ByteArrayInputStream("type: Zne".getBytes(StandardCharsets.UTF_8));
    assertProblem(
        OwnResource.read("-", in, Map.of(), EGRESS),
        "standard input:1 (document 1): type: Zne (expected: a kind of Kuma; did you mean Zone?)");
  }

  @Test
  void refusesAKindThatDoesNotFitTheProxy() {
    String ingress = "{type: ZoneIngress, name: i-1, networking: {address: a.b, port: 1}}";
    assertProblem(
        OwnResource.parse("f", ingress, Map.of(), EGRESS),
        "f:1 (document 1): type: i-1 is a ZoneIngress (expected: ZoneEgress, because of"
            + " --proxy-type=egress)");
    assertProblem(
        OwnResource.parse("f", "{type: TrafficRoute, name: x}", Map.of(), ANY),
        "f:1 (document 1): type: it is a TrafficRoute (expected: ZoneIngress or Dataplane, because"
            + " of --proxy-type=dataplane)");
  }

  @Test
  void takesADataplaneOnlyWithListeners() {
    String start = "{type: Dataplane, name: d, mesh: m, networking: {address: a.b, ";
    assertProblem(
        OwnResource.parse("f", start + "inbound: [{port: 1}]}}", Map.of(), ANY),
        "f:1 (document 1): networking.listeners: missing (expected: at least one, of type"
            + " ZoneIngress or ZoneEgress)");
    OwnResource good =
        OwnResource.parse(
            "f", start + "listeners: [{type: ZoneEgress, address: a.b, port: 1}]}}", Map.of(), ANY);
    assertThat(good.resource()).containsInstanceOf(Dataplane.class);
  }

  @Test
  void takesExactlyOneDocument() {
    String zone = "{type: Zone, name: a}\n---\n{type: Zone, name: b}\n";
    assertProblem(
        OwnResource.parse("f", zone, Map.of(), ANY), "f: 2 documents (expected: exactly one)");
    assertProblem(
        OwnResource.parse("f", "# nothing", Map.of(), ANY), "f: is empty (expected: a resource)");
  }

  @Test
  void tellsAllProblemsAtOnce() {
    OwnResource own = OwnResource.parse("f", "{type: ZoneEgress, zone: 1}", Map.of(), EGRESS);
    assertThat(own.resource()).isEmpty();
    assertThat(own.problems())
        .extracting(problem -> problem.field())
        .containsExactly("name", "zone", "networking");
  }

  @Test
  void keepsAWarningBesideTheResource() {
    OwnResource own =
        OwnResource.parse(
            "f",
            "{type: ZoneEgress, name: e, zoone: x, networking: {address: a.b, port: 1}}",
            Map.of(),
            EGRESS);
    assertThat(own.resource()).isPresent();
    assertThat(Reading.strings(own.problems()))
        .containsExactly("f:1 (document 1): zoone: unknown field, ignored; did you mean zone?");
  }

  @Test
  void saysWhyAFileCannotBeRead() throws IOException {
    Path missing = folder.resolve("missing.yaml");
    assertProblem(read(missing), missing + ": no such file");
    assertProblem(read(folder), folder + ": is not a regular file (expected: a file)");
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xc3, 0x28});
    assertProblem(read(binary), binary + ": is not UTF-8 text");
    assertThat(read(Path.of("a")).resource()).isEmpty();
    assertProblem(
        OwnResource.read("a\0b", InputStream.nullInputStream(), Map.of(), EGRESS),
        "a\\x00b: is no path of a file");
  }

  @Test
  void refusesAnEndlessInput() {
    assertProblem(
        OwnResource.read("-", new Endless(), Map.of(), EGRESS),
        "standard input: is too long (expected: at most 64 MiB)");
  }

  @Test
  void refusesABadTemplate() {
    OwnResource own = OwnResource.parse("f", "{{#open}}", Map.of(), EGRESS);
    assertThat(Reading.strings(own.problems()))
        .singleElement()
        .asString()
        .startsWith("f: is no mustache template: ");
  }

  @Test
  void readsAFileWithAByteOrderMark() throws IOException {
    String text = "\ufeff{type: ZoneEgress, name: e, networking: {address: a.b, port: 1}}";
    Path file = Files.writeString(folder.resolve("bom.json"), text);
    assertThat(read(file).resource()).isPresent();
  }

  private static OwnResource read(Path file) {
    return OwnResource.read(file.toString(), InputStream.nullInputStream(), Map.of(), EGRESS);
  }

  private static void assertEgress(OwnResource own) {
    assertThat(own.problems()).isEmpty();
    ZoneEgress egress = (ZoneEgress) own.resource().orElseThrow();
    assertThat(egress.meta().name()).isEqualTo("e-1");
    assertThat(egress.address()).isEqualTo(new HostPort("10.0.0.1", 10002));
  }

  private static void assertProblem(OwnResource own, String problem) {
    assertThat(own.resource()).isEmpty();
    assertThat(Reading.strings(own.problems())).containsExactly(problem);
  }

  /** Spaces without end. */
  private static final class Endless extends InputStream {
    @Override
    public int read() {
      return ' ';
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      return length;
    }
  }
}
