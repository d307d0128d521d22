package io.zoneproxy.egress.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.egress.e2e.Nginx.Speaks;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A real nginx outside, called through the egress over all that both can speak. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // one nginx, one egress
final class NginxUpstreamTest {
  private static final int PORT = 443;
  private static final String SHORT = "-short";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Many times the windows and buffers on the way. */
  private static final int LENGTH = 3_000_017;

  /** Hardly fewer than one connection may have at a time. */
  private static final int STREAMS = 90;

  private final byte[] content = new byte[LENGTH];
  private final EgressSides sides;
  private final Nginx nginx;
  private final OutsideWorld world;

  NginxUpstreamTest(@TempDir Path folder) throws IOException, InterruptedException {
    new Random(1).nextBytes(content);
    sides = new EgressSides(folder);
    nginx = new Nginx(folder, sides.outside.order().server().dns("localhost").issue());
    for (Speaks speaks : Speaks.values()) {
      put(name(speaks), speaks, nginx.port(speaks));
      put(name(speaks) + SHORT, speaks, nginx.shortPort(speaks));
    }
    sides.files.put("permissions.yaml", EgressSides.denying("other"));
    world = new OutsideWorld(sides.files, Optional.empty());
  }

  @AfterAll
  void close() {
    world.close();
    nginx.close();
  }

  private static String name(Speaks speaks) {
    return speaks.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private void put(String service, Speaks speaks, int port) {
    String match = "port: %d, protocol: %s".formatted(PORT, speaks.http2() ? "http2" : "http");
    String endpoint = EgressSides.endpoint("localhost", port);
    sides.files.put(
        service + ".yaml",
        speaks.tls()
            ? EgressSides.service(service, match, endpoint, sides.verified())
            : EgressSides.service(service, match, endpoint));
  }

  private JdkCaller caller(String service, Version version, String who)
      throws IOException, GeneralSecurityException {
    return new JdkCaller(
        world.egress.address(),
        EgressSides.serverName(service, PORT),
        version,
        sides.mesh,
        sides.caller(who));
  }

  @ParameterizedTest
  @EnumSource
  void bodiesOfMegabytesGoBothWaysByteForByte(Speaks speaks) throws Exception {
    Map<Version, BodyPublisher> bodies =
        Map.of(
            Version.HTTP_1_1, // in chunks
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content)),
            Version.HTTP_2,
            BodyPublishers.ofByteArray(content));
    for (Map.Entry<Version, BodyPublisher> each : bodies.entrySet()) {
      JdkCaller caller = caller(name(speaks), each.getKey(), "shop");
      String file = name(speaks) + each.getKey();
      HttpResponse<byte[]> put =
          caller.send(HttpRequest.newBuilder().PUT(each.getValue()), "/" + file);
      assertThat(put.statusCode()).isEqualTo(201);
      assertThat(put.version()).isEqualTo(each.getKey());
      assertThat(put.headers().firstValue("seen").orElseThrow())
          .startsWith(speaks.protocol + " ")
          .endsWith(" localhost");
      assertSame(Files.readAllBytes(nginx.file(file)));
      assertSame(caller.send(HttpRequest.newBuilder(), "/" + file).body());
    }
  }

  private void assertSame(byte[] received) {
    assertThat(Arrays.mismatch(received, content)).as("first difference").isNegative();
  }

  @ParameterizedTest
  @EnumSource
  void manyStreamsOfACallerAreAnsweredEach(Speaks speaks) throws Exception {
    JdkCaller caller = caller(name(speaks), Version.HTTP_2, "shop");
    caller.send(HttpRequest.newBuilder(), "/"); // so that they find one connection
    List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      Files.writeString(nginx.file("file" + i), text(i));
      answers.add(caller.sendAsync(HttpRequest.newBuilder(), "/file" + i));
    }
    for (int i = 0; i < STREAMS; i++) {
      HttpResponse<byte[]> answer = answers.get(i).join();
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).asString().isEqualTo(text(i));
    }
  }

  /** Of another length each. */
  private static String text(int number) {
    return (number + ",").repeat(500 + number);
  }

  @ParameterizedTest
  @EnumSource
  void aConnectionToItIsUsedAgain(Speaks speaks) throws Exception {
    JdkCaller caller = caller(name(speaks), Version.HTTP_1_1, "shop");
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      seen.add(ask(caller));
    }
    assertThat(seen).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void noRequestIsLostWhenItEndsConnections(Speaks speaks) throws Exception {
    JdkCaller caller = caller(name(speaks) + SHORT, Version.HTTP_1_1, "shop");
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 10 * Nginx.FEW_REQUESTS; i++) {
      seen.add(ask(caller));
    }
    assertThat(seen).hasSizeGreaterThanOrEqualTo(10);
  }

  @ParameterizedTest
  @EnumSource
  void noRequestIsLostWhenItsWorkerIsReplaced(Speaks speaks) throws Exception {
    JdkCaller caller = caller(name(speaks), Version.HTTP_1_1, "shop");
    for (int worker = 0; worker < 3; worker++) {
      String seen = ask(caller);
      nginx.replaceWorker();
      await().atMost(PATIENCE).until(() -> !ask(caller).equals(seen));
    }
  }

  /** How nginx saw a request, which must be answered. */
  private static String ask(JdkCaller caller) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = caller.send(HttpRequest.newBuilder(), "/none");
    assertThat(answer.statusCode()).isEqualTo(404);
    return answer.headers().firstValue("seen").orElseThrow();
  }

  @ParameterizedTest
  @EnumSource
  void aCallerWhoIsDeniedDoesNotReachIt(Speaks speaks) throws Exception {
    for (Version version : Version.values()) {
      HttpResponse<byte[]> answer =
          caller(name(speaks), version, "other").send(HttpRequest.newBuilder(), "/");
      assertThat(answer.statusCode()).isEqualTo(403);
      assertThat(answer.headers().firstValue("seen")).isEmpty();
    }
  }
}
