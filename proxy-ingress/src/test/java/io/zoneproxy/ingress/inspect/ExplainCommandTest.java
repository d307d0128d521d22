package io.zoneproxy.ingress.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.admin.AdminActions;
import io.zoneproxy.core.admin.AdminServer;
import io.zoneproxy.core.admin.metric.ServerInfo;
import io.zoneproxy.core.config.OwnResource;
import io.zoneproxy.core.config.ResourceFolder;
import io.zoneproxy.core.text.JsonReader;
import io.zoneproxy.core.text.Visible;
import io.zoneproxy.ingress.IngressRole;
import io.zoneproxy.ingress.OwnProxy;
import io.zoneproxy.ingress.ZoneProxy;
import io.zoneproxy.ingress.launch.Outcome;
import io.zoneproxy.ingress.launch.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExplainCommandTest {
  private static final AdminActions NO_ACTIONS =
      new AdminActions() {
        @Override
        public void drainListeners() {}

        @Override
        public void failHealthCheck(boolean fail) {}

        @Override
        public void quit() {}
      };

  private final World world;

  ExplainCommandTest(@TempDir Path folder) throws IOException {
    world = new World(folder, 4711);
    world.write("more.yaml", World.dataplane("backend", 4712).replace("backend-1", "backend-2"));
  }

  private Outcome explain(String... more) {
    String[] args = new String[more.length + 1];
    args[0] = "explain";
    System.arraycopy(more, 0, args, 1, more.length);
    return Outcome.of(args);
  }

  private String files() {
    return "--resources=" + world.resources;
  }

  @Test
  void showsTheEndpointsOfAKnownNameWithWeightsAndShares() {
    Outcome outcome = explain("--sni=Backend{mesh=DEFAULT}", files());
    assertThat(outcome.code()).isZero();
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out())
        .contains("cluster ", "priority", "weight", "share")
        .containsPattern("127\\.0\\.0\\.1:4711 .* 0 +1 +50\\.0%")
        .containsPattern("127\\.0\\.0\\.1:4712 .* 0 +1 +50\\.0%");
  }

  @Test
  void showsTheNearestNamesOfAnUnknownOne() {
    Outcome outcome = explain("--sni=bakend{mesh=default}", files());
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out())
        .isEqualTo(
            """
            no listener takes "bakend{mesh=default}"
              did you mean
                backend{mesh=default}
            """);
  }

  @Test
  void answersInJson() {
    Outcome known = explain("--sni=" + World.BACKEND, files(), "--format=json");
    assertThat(known.code()).isZero();
    assertThat(known.out())
        .startsWith(
            "{\"sni\":\"backend{mesh=default}\",\"known\":true,\"served\":true,\"routes\":[{\"listener\":")
        .contains("\"address\":\"127.0.0.1:4712\"")
        .contains("\"priority\":0,\"weight\":1,\"percent\":50")
        .endsWith("\"nearest\":[]}\n");
    Outcome unknown = explain("--sni=x", files(), "--format=json");
    assertThat(unknown.code()).isEqualTo(1);
    assertThat(JsonReader.object(unknown.out().strip()))
        .containsEntry("known", false)
        .containsEntry("routes", List.of());
  }

  @Test
  void anErrorInTheFilesIsSaidInsteadOfAnAnswer() throws IOException {
    world.write("bad.yaml", World.dataplane("x", 99_999));
    Outcome outcome = explain("--sni=x", files());
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).contains("bad.yaml:7 (document 1)", "99999 (expected: 1 to 65535)");
  }

  @Test
  void aSlipOfThePenIsSaidBeforeWhatIsMissingBecauseOfIt() {
    Outcome outcome = explain("--snni=x", files());
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err())
        .isEqualTo(
            "ingress: unknown: --snni (expected: what explain --help lists; did you mean"
                + " --sni?)\n");
  }

  @Test
  void aCallerThatIsNoUriIsRefused() {
    assertThat(explain("--sni=x", "--identity=shop", files()).err())
        .startsWith("ingress: --identity=shop (expected: spiffe://MESH/SERVICE,");
  }

  @Test
  void aRunningProxySaysWhatItWantsWhenNoNameIsAsked() throws Exception {
    try (ZoneProxy proxy = proxy();
        AdminServer server = server(proxy)) {
      HttpResponse<String> answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(
                          URI.create("http://127.0.0.1:" + server.address().getPort() + "/explain"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body())
          .isEqualTo(
              "sni is missing (expected: /explain?sni=NAME, as a client would send it; sni= for"
                  + " none)\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "json"})
  void aRunningProxyGivesTheSameAnswer(String format) throws Exception {
    try (ZoneProxy proxy = proxy();
        AdminServer server = server(proxy)) {
      String admin = "--admin=http://127.0.0.1:" + server.address().getPort();
      for (String name : List.of(World.BACKEND, "bakend{mesh=default}", "")) {
        Outcome asked = explain("--sni=" + name, admin, "--format=" + format);
        Outcome read =
            explain(
                "--sni=" + name,
                files(),
                "--format=" + format,
                "--dataplane-file=" + world.own,
                "--zone=east");
        assertThat(asked).isEqualTo(read);
      }
    }
  }

  private ZoneProxy proxy() throws Exception {
    IngressRole role = new IngressRole();
    OwnResource own =
        OwnResource.read(
            world.own.toString(),
            java.io.InputStream.nullInputStream(),
            Map.of(),
            new OwnResource.Expected(List.of(role.ownKind()), "a test"));
    return ZoneProxy.builder()
        .own(new OwnProxy(role, own.resource().orElseThrow()))
        .zone("east")
        .start(new ResourceFolder(world.resources).load().resources());
  }

  private static AdminServer server(ZoneProxy proxy) throws IOException {
    AdminServer server =
        new AdminServer(
            proxy.controlLoop(),
            proxy.view(),
            new ServerInfo("test", 1, Instant.now()),
            NO_ACTIONS,
            List.of(new ExplainEndpoint(proxy.view())));
    server.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return server;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9901",
        "127.0.0.1:9901",
        "https://127.0.0.1:9901",
        "http://127.0.0.1",
        "http://127.0.0.1:70000",
        "http://",
        "unix:",
        "unix:a\0b",
        "http://a b:1",
      })
  void aBadAddressIsRefusedWithWhatWouldBeRight(String address) {
    assertThat(explain("--sni=x", "--admin=" + address))
        .isEqualTo(
            new Outcome(
                1,
                "",
                "ingress: --admin="
                    + Visible.line(address)
                    + " (expected: http://HOST:PORT or unix:PATH)\n"));
  }

  @Test
  void oneSourceIsNeededNotBoth() {
    String words = "ingress: explain: one of --resources and --admin is needed, not both";
    assertThat(explain("--sni=x").err()).startsWith(words).hasLineCount(1);
    assertThat(explain("--sni=x", files(), "--admin=unix:/x").err()).startsWith(words);
    assertThat(explain(files()).err()).contains("Missing required option: '--sni=NAME'");
    assertThat(explain("--sni=x", files(), "--format=xml").err())
        .isEqualTo("ingress: --format=xml (expected: text or json)\n");
  }
}
