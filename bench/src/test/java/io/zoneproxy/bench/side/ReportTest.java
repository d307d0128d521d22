package io.zoneproxy.bench.side;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ReportTest {
  private static final List<Workload> WORKLOADS = List.of(Samples.CONNECT, Samples.IDLE);

  private final Results results = Samples.connections();

  @Test
  void beginsWithTheMachineAndTheRatios() {
    String report = Report.of(List.of("2 CPUs"), results, WORKLOADS, Samples.PEERS);

    assertThat(report.lines())
        .contains(
            "* 2 CPUs",
            "| work | HAProxy, default | HAProxy, forced splice | nginx stream | sniproxy"
                + " | Envoy | zoneproxy |",
            "| new connections, 16 at a time | 1.20 | 1.00 | – | – | – | 0.80 |");
  }

  @Test
  void hasATableOfEachWorkloadThatRan() {
    String report = Report.of(List.of(), results, WORKLOADS, Samples.PEERS);

    assertThat(report)
        .contains("| zoneproxy | 40.0 (30.0–50.0) | 0.80 | 25,000 | – | 1,917 | – |")
        .contains("| no proxy | – | – | 46,000 |")
        .contains("**sniproxy failed:** it \"failed\"")
        .doesNotContain("## " + Samples.IDLE.title());
  }

  @Test
  void showsMemoryInMegabytes() {
    Map<Metric, Double> values =
        Map.of(
            Metric.COST, 3153.0,
            Metric.RESIDENT_BEFORE, 16_892_000.0,
            Metric.RESIDENT_WITH, 32_288_000.0,
            Metric.THREADS, 1.0);
    Results idle = new Results(List.of(new Sample(1, Samples.IDLE.id(), Haproxy.NAME, values, "")));

    assertThat(Report.of(List.of(), idle, WORKLOADS, Samples.PEERS))
        .contains(
            "| proxy | bytes/conn (least–most) | ratio | MB before | MB with 5000 | threads |")
        .contains("| HAProxy, default | 3,153 (3,153–3,153) | 1.00 | 16.9 | 32.3 | 1.00 |");
  }

  @Test
  void drawsABarForEachRatio() throws Exception {
    Document picture = parse(Chart.of(results, WORKLOADS, Samples.PEERS));

    int keys = Samples.PEERS.size() - 1;
    assertThat(picture.getElementsByTagName("rect").getLength()).isEqualTo(keys + 3);
    assertThat(picture.getDocumentElement().getTextContent())
        .contains("new connections, 16 at a time", "0.80", "prefers-color-scheme: dark");
  }

  @Test
  void cutsABarThatIsTooLong() throws Exception {
    Results dear =
        new Results(
            List.of(
                Samples.sample(1, Samples.CONNECT, Haproxy.NAME, 1),
                Samples.sample(1, Samples.CONNECT, Zoneproxy.NAME, 1_000)));
    Document picture = parse(Chart.of(dear, WORKLOADS, Samples.PEERS));

    int width = Integer.parseInt(picture.getDocumentElement().getAttribute("width"));
    for (int i = 0; i < picture.getElementsByTagName("rect").getLength(); i++) {
      var box = picture.getElementsByTagName("rect").item(i).getAttributes();
      int x = Integer.parseInt(box.getNamedItem("x").getNodeValue());
      int length = Integer.parseInt(box.getNamedItem("width").getNodeValue());
      assertThat(x + length).isLessThan(width);
    }
    assertThat(picture.getDocumentElement().getTextContent()).contains("1000.00");
  }

  @Test
  void writesALineForEachSample() {
    assertThat(CsvFile.of(results.samples()).lines())
        .hasSize(results.samples().size() + 1)
        .contains("1,conn-16,direct,46000.0,,,,,,,,,,,\"\"")
        .last()
        .asString()
        .endsWith("\"it \"\"failed\"\" badly\"");
  }

  @Test
  void findsTheProcessorsName() {
    assertThat(Machine.processor(List.of("processor : 0", "model name\t: A CPU", "flags")))
        .isEqualTo("A CPU");
    assertThat(Machine.processor(List.of())).isEqualTo("of unknown make");
  }

  @Test
  void leavesThePathOfABinaryOutOfItsVersion() {
    assertThat(Machine.version("/folder/envoy  version: 1.40.0")).isEqualTo("version: 1.40.0");
    assertThat(Machine.version("sniproxy 0.6.0")).isEqualTo("sniproxy 0.6.0");
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }
}
