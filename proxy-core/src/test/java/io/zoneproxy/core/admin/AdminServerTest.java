package io.zoneproxy.core.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zoneproxy.core.admin.metric.ServerInfo;
import io.zoneproxy.core.http.ControlLoop;
import io.zoneproxy.core.http.HttpLimits;
import io.zoneproxy.core.http.RawClient;
import io.zoneproxy.core.http.RawClient.Answer;
import io.zoneproxy.core.observe.ProxyView;
import io.zoneproxy.core.text.JsonReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminServerTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final FakeProxy proxy = new FakeProxy();
  private final Actions actions = new Actions();
  private final ControlLoop control = ControlLoop.nio();
  private final AdminServer server =
      new AdminServer(
          control.loop(),
          proxy,
          new ServerInfo("0.1.0", 2, Instant.now()),
          actions,
          List.of(new Echo(), new Broken()));

  @BeforeEach
  void start() throws IOException {
    server.start(ANY_PORT);
  }

  @AfterEach
  void stop() {
    server.close();
    control.close();
  }

  @Test
  void readySaysTheState() throws Exception {
    Answer live = get("/ready");
    assertThat(live.status()).isEqualTo(200);
    assertThat(live.body()).isEqualTo("LIVE\n");
    proxy.state(ProxyView.State.DRAINING);
    assertThat(get("/ready").status()).isEqualTo(503);
    assertThat(get("/ready").body()).isEqualTo("DRAINING\n");
    proxy.state(ProxyView.State.INITIALIZING);
    assertThat(get("/ready").status()).isEqualTo(503);
    assertThat(get("/ready").body()).isEqualTo("INITIALIZING\n");
  }

  @Test
  void sendsEnvoysHeaders() throws Exception {
    Answer answer = get("/ready");

    assertThat(answer.headers())
        .containsEntry("content-type", "text/plain; charset=UTF-8")
        .containsEntry("cache-control", "no-cache, max-age=0")
        .containsEntry("x-content-type-options", "nosniff")
        .containsEntry("content-length", "5");
    assertThat(answer.header("date"))
        .matches("[A-Z][a-z]{2}, \\d{2} [A-Z][a-z]{2} \\d{4} \\d{2}:\\d{2}:\\d{2} GMT");
  }

  @Test
  void servesStatsInAllForms() throws Exception {
    proxy.listener("in", "127.0.0.1", 10_001).total.add(3);

    assertThat(get("/stats").body()).contains("listener.127.0.0.1_10001.downstream_cx_total: 3\n");
    assertThat(get("/stats").body()).contains("downstream_cx_overflow");
    assertThat(get("/stats?usedonly=").body()).doesNotContain("downstream_cx_overflow");
    assertThat(get("/stats?usedonly=false").body()).contains("downstream_cx_overflow");
    String series =
        "envoy_listener_downstream_cx_total{envoy_listener_address=\"127.0.0.1_10001\"} 3";
    assertThat(get("/stats/prometheus").body()).contains(series);
    assertThat(get("/stats?format=prometheus&usedonly&text_readouts").body()).contains(series);
    Answer json = get("/stats?format=json");
    assertThat(json.header("content-type")).isEqualTo("application/json");
    assertThat(JsonReader.object(json.body())).containsOnlyKeys("stats");
  }

  @Test
  void servesListenersAndClustersInBothForms() throws Exception {
    proxy.listener("in", "127.0.0.1", 10_001);
    proxy.clusters(List.of(FakeProxy.cluster("default:echo", null, "west")));

    assertThat(get("/listeners").body()).isEqualTo("in::127.0.0.1:10001\n");
    assertThat(JsonReader.object(get("/listeners?format=json").body()))
        .containsOnlyKeys("listener_statuses");
    assertThat(get("/clusters").body()).startsWith("default:echo::observability_name::");
    assertThat(get("/clusters?format=text").body()).isEqualTo(get("/clusters").body());
    assertThat(JsonReader.object(get("/clusters?format=json").body()))
        .containsOnlyKeys("cluster_statuses");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/stats", "/clusters", "/listeners"})
  void anUnknownFormatIsAnError(String path) throws Exception {
    Answer answer = get(path + "?format=xml");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).startsWith("format: xml (expected: text");
  }

  @Test
  void serverInfoIsJson() throws Exception {
    assertThat(JsonReader.object(get("/server_info").body()))
        .containsEntry("version", "0.1.0")
        .containsEntry("state", "LIVE")
        .containsEntry("node", Map.of())
        .hasEntrySatisfying(
            "command_line_options",
            options ->
                assertThat(options)
                    .asInstanceOf(InstanceOfAssertFactories.MAP)
                    .containsEntry("concurrency", 2L)
                    .containsEntry("mode", "Serve")
                    .containsEntry("drain_time", "30s")
                    .hasSize(39))
        .extractingByKey("uptime_current_epoch")
        .asString()
        .matches("\\d+s");
  }

  @Test
  void theSmallPagesHaveEnvoysShapes() throws Exception {
    assertThat(get("/hot_restart_version").body()).isEqualTo("disabled");
    assertThat(get("/init_dump").body()).isEqualTo("{}");
    assertThat(get("/certs").body()).isEqualTo("{\"certificates\":[]}");
    assertThat(get("/runtime").body()).isEqualTo("{\"layers\":[],\"entries\":{}}");
    assertThat(get("/memory").header("content-type")).isEqualTo("application/json");
    assertThat(JsonReader.object(get("/memory").body()))
        .containsOnlyKeys(
            "allocated",
            "heap_size",
            "pageheap_unmapped",
            "pageheap_free",
            "total_thread_cache",
            "total_physical_bytes")
        .allSatisfy((name, bytes) -> assertThat((String) bytes).matches("[0-9]+"));
  }

  @Test
  void filtersStatisticsByName() throws Exception {
    proxy.listener("in", "127.0.0.1", 10_001);

    for (String path : List.of("/stats?", "/stats?format=json&", "/stats/prometheus?")) {
      String taken = get(path + "filter=downstream_cx_(total|active)$").body();
      assertThat(taken).contains("downstream_cx_total", "downstream_cx_active");
      assertThat(taken).doesNotContain("overflow", "server", "histograms");
      String others = get(path + "filter=downstream_cx_total&invert_filter").body();
      assertThat(others).contains("overflow", "uptime").doesNotContain("downstream_cx_total");
      assertThat(get(path + "filter=").body()).contains("uptime", "overflow");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "(([a-z_.0-9]%2B)%2B)%2B$$x", "%28.*a%29%7B9%7D%28.*b%29%7B9%7D%21"})
  void aFilterThatIsBrokenOrCostsTooMuchIsRefused(String filter) throws Exception {
    proxy.listener("in", "127.0.0.1", 10_001);
    proxy.clusters(List.of(FakeProxy.cluster("a".repeat(200), null, "west")));

    Answer answer = get("/stats?filter=" + filter);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).startsWith("filter: ").contains("(expected: a regular expression");
  }

  @Test
  void aFilterHasABoundedLength() throws Exception {
    Answer answer = get("/stats/prometheus?filter=" + "(".repeat(4000));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).isEqualTo("filter: 4000 characters (expected: at most 256)\n");
  }

  @Test
  void helpListsEveryEndpointAndSaysWhichWantPost() throws Exception {
    assertThat(get("/").header("content-type")).isEqualTo("text/html; charset=UTF-8");
    assertThat(get("/").body())
        .startsWith("<!DOCTYPE html>")
        .contains("<a href=\"/stats/prometheus\">", "<td>/quitquitquit (POST)</td>")
        .doesNotContain("href=\"/quitquitquit");
    assertThat(get("/help").body().lines())
        .contains(
            "  /quitquitquit (POST): exit the server",
            "  /drain_listeners (POST): drain listeners",
            "  /echo: says it again",
            "  /memory: print current allocation/heap usage",
            "  /certs: print certs on machine");
  }

  @Test
  void anUnknownPathIsNotFound() throws Exception {
    for (String path : List.of("/nope", "/stats/", "/READY", "//", "/ready/../stats", "*")) {
      assertThat(get(path).status()).as(path).isEqualTo(404);
    }
  }

  @Test
  void postSetsActionsGoing() throws Exception {
    for (String path :
        List.of("/drain_listeners", "/healthcheck/fail", "/healthcheck/ok", "/quitquitquit")) {
      Answer answer = ask("POST " + path + "?graceful HTTP/1.1\r\nhost: x\r\n\r\n");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("OK\n");
    }
    assertThat(actions.done).containsExactly("drain", "fail", "ok", "quit");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"})
  void otherMethodsSetNothingGoing(String method) throws Exception {
    Answer answer = headOf(method + " /quitquitquit HTTP/1.1\r\nhost: x\r\n\r\n");

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("allow")).isEqualTo("POST");
    assertThat(actions.done).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: http://evil.example",
        "origin: null",
        "ORIGIN: http://127.0.0.1:9901",
        "Referer: http://evil.example/page",
        "Sec-Fetch-Site: cross-site",
        "sec-fetch-site: none"
      })
  void aPageOfABrowserSetsNothingGoing(String header) throws Exception {
    Answer answer = ask("POST /quitquitquit HTTP/1.1\r\nhost: x\r\n" + header + "\r\n\r\n");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(actions.done).isEmpty();
  }

  @Test
  void aPageOfABrowserMayRead() throws Exception {
    Answer answer = ask("GET /ready HTTP/1.1\r\nhost: x\r\nreferer: http://x/\r\n\r\n");

    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void readingWantsGetOrHead() throws Exception {
    Answer post = ask("POST /stats HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\nab");
    assertThat(post.status()).isEqualTo(405);
    assertThat(post.header("allow")).isEqualTo("GET, HEAD");
    assertThat(ask("DELETE / HTTP/1.1\r\nhost: x\r\n\r\n").status()).isEqualTo(405);
  }

  @Test
  void headHasTheLengthButNoBody() throws Exception {
    try (RawClient client = new RawClient(server.address())) {
      client.send("HEAD /ready HTTP/1.1\r\nhost: x\r\n\r\nGET /ready HTTP/1.1\r\nhost: x\r\n\r\n");

      assertThat(client.head().header("content-length")).isEqualTo("5");
      assertThat(client.answer().body()).isEqualTo("LIVE\n"); // right behind: no body between
    }
  }

  @Test
  void aRolesEndpointGetsDecodedParameters() throws Exception {
    assertThat(get("/echo?sni=a%7Bmesh%3Dx%7D&sni=second&flag").body())
        .isEqualTo("/echo sni=a{mesh=x} flag=true off=false");
    assertThat(get("/e%63ho").body()).startsWith("/echo ");
    assertThat(get("http://localhost:9901/echo?sni=1").body()).startsWith("/echo sni=1");
    assertThat(get("http://localhost:9901").body()).startsWith("<!DOCTYPE html>");
  }

  @Test
  void aFailingEndpointIsA500AndTheConnectionGoesOn() throws Exception {
    try (RawClient client = new RawClient(server.address())) {
      client.send("GET /broken HTTP/1.1\r\nhost: x\r\n\r\n");
      Answer broken = client.answer();
      assertThat(broken.status()).isEqualTo(500);
      assertThat(broken.body()).doesNotContain("secret");
      client.send("GET /ready HTTP/1.1\r\nhost: x\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void theJdksClientIsContent() throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    URI base = URI.create("http://127.0.0.1:" + server.address().getPort());
    for (int i = 0; i < 3; i++) {
      HttpResponse<String> ready =
          client.send(
              HttpRequest.newBuilder(base.resolve("/ready")).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(ready.body()).isEqualTo("LIVE\n");
    }
    HttpResponse<String> drain =
        client.send(
            HttpRequest.newBuilder(base.resolve("/drain_listeners"))
                .POST(HttpRequest.BodyPublishers.ofString("x=1"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(drain.statusCode()).isEqualTo(200);
    assertThat(actions.done).containsExactly("drain");
  }

  @Test
  void twoEndpointsOfOnePathAreRefused() {
    for (String path : List.of("/stats", "/", "/help", "/echo")) {
      List<AdminEndpoint> more = List.of(new Echo(), new Named(path));
      assertThatThrownBy(
              () ->
                  new AdminServer(
                      control.loop(), List.of(new Named("/stats")), more, HttpLimits.DEFAULT))
          .hasMessage("admin endpoint " + path + ": exists already");
    }
  }

  @Test
  void anAddressInUseIsSaidClearly() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress address =
          new InetSocketAddress(taken.getInetAddress(), taken.getLocalPort());
      AdminServer second =
          new AdminServer(control.loop(), List.of(), List.of(), HttpLimits.DEFAULT);

      assertThatThrownBy(() -> second.start(address))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "admin port 127.0.0.1:"
                  + taken.getLocalPort()
                  + ": address in use by another process, or another port of this one (expected: a"
                  + " free port, by networking.admin.port of the own resource; `ss -ltnp` shows who"
                  + " has it)");
      assertThatThrownBy(second::address).hasMessage("admin port: not started");
      second.close();
    }
  }

  @Test
  void anAddressOfAnotherMachineIsSaidClearly() {
    AdminServer second = new AdminServer(control.loop(), List.of(), List.of(), HttpLimits.DEFAULT);

    assertThatThrownBy(() -> second.start(new InetSocketAddress("192.0.2.1", 9901)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("admin port 192.0.2.1:9901: ")
        .hasMessageNotContaining("in use");
  }

  @Test
  void closeEndsThePortAndItsConnections() throws Exception {
    try (RawClient client = new RawClient(server.address())) {
      client.send("GET /ready HTTP/1.1\r\nhost: x\r\n\r\n");
      client.answer();
      server.close();
      server.close();

      assertThat(client.isClosed()).isTrue();
      assertThatThrownBy(() -> get("/ready")).isInstanceOf(IOException.class);
    }
  }

  private Answer get(String uri) throws IOException {
    return RawClient.get(server.address(), uri);
  }

  private Answer ask(String request) throws IOException {
    return RawClient.ask(server.address(), request);
  }

  private Answer headOf(String request) throws IOException {
    try (RawClient client = new RawClient(server.address())) {
      client.send(request);
      return client.head();
    }
  }

  private static final class Actions implements AdminActions {
    final List<String> done = new CopyOnWriteArrayList<>();

    @Override
    public void drainListeners() {
      done.add("drain");
    }

    @Override
    public void failHealthCheck(boolean fail) {
      done.add(fail ? "fail" : "ok");
    }

    @Override
    public void quit() {
      done.add("quit");
    }
  }

  private record Named(String path) implements AdminEndpoint {
    @Override
    public String help() {
      return "";
    }

    @Override
    public AdminResponse handle(AdminRequest request) {
      return AdminResponse.text("");
    }
  }

  private static final class Echo implements AdminEndpoint {
    @Override
    public String path() {
      return "/echo";
    }

    @Override
    public String help() {
      return "says it again";
    }

    @Override
    public AdminResponse handle(AdminRequest request) {
      return AdminResponse.text(
          "%s sni=%s flag=%s off=%s"
              .formatted(
                  request.path(),
                  request.parameter("sni"),
                  request.flag("flag"),
                  request.flag("off")));
    }
  }

  private static final class Broken implements AdminEndpoint {
    @Override
    public String path() {
      return "/broken";
    }

    @Override
    public String help() {
      return "fails";
    }

    @Override
    public AdminResponse handle(AdminRequest request) {
      throw new IllegalStateException("secret");
    }
  }
}
