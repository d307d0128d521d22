package io.zoneproxy.egress.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.tls.identity.TestAuthority;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The JDK's client and the JDK's server of HTTP, with the JDK's TLS, on both sides. */
final class JdkHttpTest {
  private static final String PLAIN = EgressSides.serverName("plain", 80);
  private static final String SECURE = EgressSides.serverName("secure", 443);

  /** Many times the windows and buffers on the way. */
  private static final int LENGTH = 3_000_017;

  /** As many as one connection may have at a time: the client waits for none. */
  private static final int STREAMS = 100;

  private final EgressSides sides;
  private final JdkHttpService plain = new JdkHttpService(null);
  private final JdkHttpService secure;
  private final OutsideWorld world;

  JdkHttpTest(@TempDir Path folder) throws Exception {
    sides = new EgressSides(folder);
    secure =
        new JdkHttpService(
            OutsideWorld.context(
                sides.outside, sides.outside.order().server().dns("localhost").issue()));
    sides.files.put(
        "services.yaml",
        KumaTexts.documents(
            EgressSides.service(
                "plain",
                "port: 80, protocol: http",
                EgressSides.endpoint("127.0.0.1", plain.port())),
            EgressSides.service(
                "secure",
                "port: 443, protocol: http",
                EgressSides.endpoint("localhost", secure.port()),
                sides.verified())));
    sides.files.put("permissions.yaml", EgressSides.denying("other"));
    world = new OutsideWorld(sides.files, Optional.empty());
  }

  @AfterEach
  void close() {
    world.close();
    plain.close();
    secure.close();
  }

  private JdkCaller caller(String serverName, Version version, String service) throws Exception {
    return new JdkCaller(
        world.egress.address(), serverName, version, sides.mesh, sides.caller(service));
  }

  @ParameterizedTest
  @EnumSource
  void bodiesOfMegabytesComeBackByteForByte(Version version) throws Exception {
    byte[] content = new byte[LENGTH];
    new Random(1).nextBytes(content);
    Map<String, BodyPublisher> bodies =
        Map.of(
            PLAIN, // in chunks
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content)),
            SECURE,
            BodyPublishers.ofByteArray(content));
    for (Map.Entry<String, BodyPublisher> each : bodies.entrySet()) {
      HttpResponse<byte[]> answer =
          caller(each.getKey(), version, "shop")
              .send(HttpRequest.newBuilder().POST(each.getValue()), "/");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.version()).isEqualTo(version);
      assertThat(Arrays.mismatch(answer.body(), content)).as("first difference").isNegative();
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneRequestAfterTheOtherTakesOneConnectionToTheService(Version version) throws Exception {
    JdkCaller caller = caller(SECURE, version, "shop");
    for (int i = 0; i < 5; i++) {
      assertThat(caller.send(post("word " + i), "/").body()).asString().isEqualTo("word " + i);
    }
    // With 1.1 the client may give an answer before its connection is free.
    if (version == Version.HTTP_2) {
      assertThat(world.egress.stats().total.sum()).isEqualTo(1);
    }
    assertThat(secure.connections).hasSize(1);
  }

  @Test
  void aHundredStreamsOfOneConnectionAreAnsweredEach() throws Exception {
    JdkCaller caller = caller(SECURE, Version.HTTP_2, "shop");
    caller.send(post("the first opens it"), "/");
    List<CompletableFuture<HttpResponse<byte[]>>> answers =
        IntStream.range(0, STREAMS).mapToObj(i -> caller.sendAsync(post(text(i)), "/")).toList();
    for (int i = 0; i < STREAMS; i++) {
      HttpResponse<byte[]> answer = answers.get(i).join();
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).asString().isEqualTo(text(i));
    }
    assertThat(world.egress.stats().total.sum()).isEqualTo(1);
  }

  /** Of another length each. */
  private static String text(int number) {
    return (number + ",").repeat(500 + number);
  }

  private static HttpRequest.Builder post(String text) {
    return HttpRequest.newBuilder().POST(BodyPublishers.ofString(text));
  }

  @ParameterizedTest
  @EnumSource
  void aCallerWhoIsDeniedGets403(Version version) throws Exception {
    for (String service : List.of(PLAIN, SECURE)) {
      assertThat(caller(service, version, "other").send(post("secret"), "/").statusCode())
          .isEqualTo(403);
    }
    assertThat(plain.connections).isEmpty();
    assertThat(secure.connections).isEmpty();
  }

  @Test
  void aCallerOfAnotherAuthorityIsRefused() throws Exception {
    JdkCaller stranger =
        new JdkCaller(
            world.egress.address(),
            SECURE,
            Version.HTTP_2,
            sides.mesh,
            TestAuthority.create("stranger").order().uri("spiffe://default/shop").issue());
    assertThatThrownBy(() -> stranger.send(post("secret"), "/")).isInstanceOf(IOException.class);
    assertThat(world.egress.nextClosed().reason()).isEqualTo(CloseReason.TLS_FAILED);
    assertThat(secure.connections).isEmpty();
  }
}
