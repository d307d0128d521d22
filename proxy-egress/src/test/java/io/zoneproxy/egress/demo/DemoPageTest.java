package io.zoneproxy.egress.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.egress.demo.DemoConnections.Door;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

final class DemoPageTest {
  private static final HttpClient BROWSER =
      HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).build();

  private static RunningServices running;
  private static DemoZoneProxies proxies;
  private static DemoPage page;
  private static final DemoConnections SEEN = new DemoConnections();
  private static final DemoTally TALLY = new DemoTally();

  @BeforeAll
  static void start() throws Exception {
    running = new RunningServices();
    proxies = ForwardingProxies.start(running.world, SEEN);
    page =
        DemoPage.start(
            running.services.loop(),
            new DemoState(running.world, proxies, running.services, SEEN, TALLY));
  }

  @AfterAll
  static void end() throws Exception {
    page.close();
    proxies.close();
    running.close();
  }

  @Test
  void isOnePageThatAsksNobodyElse() throws Exception {
    HttpResponse<String> answer = get("");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
    assertThat(answer.body()).startsWith("<!doctype html>").endsWith("</html>\n");
    assertThat(answer.body()).doesNotContain("http://").doesNotContain("https://");
    assertThat(answer.body()).doesNotContain("<link rel=\"stylesheet\"").doesNotContain(" src=");
    assertThat(answer.headers().firstValue("content-security-policy").orElseThrow())
        .startsWith("default-src 'none'");
  }

  @Test
  void neverMakesMarkupOfText() throws Exception {
    assertThat(get("").body())
        .doesNotContain("innerHTML")
        .doesNotContain("outerHTML")
        .doesNotContain("insertAdjacentHTML")
        .doesNotContain("document.write")
        .doesNotContain("eval(");
  }

  @Test
  void hasColoursForLightAndDark() throws Exception {
    assertThat(get("").body()).contains("prefers-color-scheme: dark");
  }

  @Test
  void theStateHasBothZonesWithDoorsAndInstances() throws Exception {
    Map<?, ?> state = state();

    assertThat(list(state, "zones").stream().map(zone -> String.valueOf(zone.get("name"))))
        .containsExactly("east", "west");
    Map<?, ?> west = list(state, "zones").get(1);
    assertThat(egress(west, "address")).isEqualTo("127.0.0.1:" + proxies.egress("west").getPort());
    assertThat(list(west, "instances")).hasSize(4);
    assertThat(list(state, "flows")).hasSize(DemoWorld.flows().size());
  }

  @Test
  void theStateCountsRequestsAndConnections() throws Exception {
    DemoWorld.Flow flow = DemoWorld.flows().get(2);
    DemoTraffic traffic = new DemoTraffic(running.world, proxies, running.client, TALLY);
    assertThat(traffic.send(flow)).isEmpty();

    await()
        .untilAsserted(
            () -> {
              Map<?, ?> state = state();
              Map<?, ?> ledger = list(state, "flows").get(2);
              assertThat(ledger.get("answered")).isEqualTo(1);
              assertThat(list(ledger, "targets").get(0).get("expected")).isEqualTo(1.0);
              Map<?, ?> east = list(state, "zones").get(0);
              assertThat(egress(east, "connections")).isEqualTo(1);
              assertThat((Integer) egress(east, "bytesUp")).isPositive();
              assertThat(list(state, "connections"))
                  .anySatisfy(
                      each -> {
                        assertThat(each.get("serverName")).isEqualTo("ledger{mesh=default}");
                        assertThat(each.get("reason")).isEqualTo("DONE");
                        assertThat(each.get("fault")).isEqualTo("none");
                      });
            });
  }

  @Test
  void whatAClientChoseCannotLeaveItsString() throws Exception {
    String hostile = "</script><script>\"\\',\u0000\u2028\u00e4{}";
    DemoConnections seen = new DemoConnections();
    seen.observer("east", Door.EGRESS)
        .onClosed(DemoConnectionsTest.record(1, hostile, CloseReason.NO_ROUTE));
    String json = new DemoState(running.world, proxies, running.services, seen, TALLY).json();

    assertThat(json).doesNotContain("<").doesNotContain(">").matches("[ -~]*");
    Map<?, ?> state = parse(json);
    assertThat(list(state, "connections").get(0).get("serverName")).isEqualTo(hostile);
    assertThat(list(state, "connections").get(0).get("upstream")).isEqualTo("");
  }

  @Test
  void answersNothingElse() throws Exception {
    assertThat(get("other").statusCode()).isEqualTo(404);
    HttpRequest post =
        HttpRequest.newBuilder(URI.create(page.url()))
            .POST(HttpRequest.BodyPublishers.ofString("x"))
            .build();
    assertThat(BROWSER.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(405);
  }

  @Test
  void refusesAForeignHostName() throws Exception {
    for (String host : List.of("evil.example", "127.0.0.1.evil.example:80", "", "[::1]:1")) {
      assertThat(raw("GET /state.json HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
          .startsWith("HTTP/1.1 403 ");
    }
    assertThat(raw("GET /state.json HTTP/1.1\r\nHost: localhost:8080\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200 ");
  }

  @Test
  void closesOnWhatIsNoHttp() throws Exception {
    assertThat(raw("\u0001\u0002\r\n\r\n")).isEmpty();
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return BROWSER.send(
        HttpRequest.newBuilder(URI.create(page.url() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static String raw(String request) throws IOException {
    int port = URI.create(page.url()).getPort();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }
  }

  private static Map<?, ?> state() throws Exception {
    return parse(get("state.json").body());
  }

  /** JSON is YAML. */
  private static Map<?, ?> parse(String json) {
    return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(json);
  }

  private static List<Map<?, ?>> list(Map<?, ?> object, String key) {
    List<Map<?, ?>> found = new ArrayList<>();
    for (Object each : (List<?>) Objects.requireNonNull(object.get(key))) {
      found.add((Map<?, ?>) each);
    }
    return found;
  }

  private static Object egress(Map<?, ?> zone, String key) {
    Map<?, ?> door = (Map<?, ?>) Objects.requireNonNull(zone.get("egress"));
    return Objects.requireNonNull(door.get(key));
  }
}
