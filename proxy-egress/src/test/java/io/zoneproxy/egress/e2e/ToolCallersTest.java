package io.zoneproxy.egress.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.egress.demo.Shell;
import io.zoneproxy.egress.demo.Shell.Outcome;
import io.zoneproxy.tls.identity.TestAuthority.Issued;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** curl, openssl and nghttp as members of the mesh: the egress ends their TLS. */
final class ToolCallersTest {
  private static final String WEB = EgressSides.serverName("web", 443);
  private static final String URL = "https://" + WEB + "/";

  /** Many times the windows and buffers on the way. */
  private static final int LENGTH = 3_000_017;

  /** Three times as many as one connection may have at a time. */
  private static final int STREAMS = 300;

  /** A line of nghttp's statistics: stream, two times, duration, status, size, path. */
  private static final Pattern ANSWERED =
      Pattern.compile("(?m)^ *\\d+ +\\+\\S+ +\\*? *\\+\\S+ +\\S+ +(\\d+) +(\\S+) /\\S*$");

  private final EgressSides sides;
  private final JdkHttpService service = new JdkHttpService(null);
  private final Path folder;
  private final OutsideWorld world;

  ToolCallersTest(@TempDir Path folder) throws Exception {
    this.folder = folder;
    sides = new EgressSides(folder);
    sides.files.put(
        "services.yaml",
        EgressSides.service(
            "web", "port: 443, protocol: http", EgressSides.endpoint("127.0.0.1", service.port())));
    sides.files.put("permissions.yaml", EgressSides.denying("other"));
    for (String name : List.of("shop", "other")) {
      Issued caller = sides.caller(name);
      Files.writeString(folder.resolve(name + ".pem"), caller.chainPem());
      Files.writeString(folder.resolve(name + ".key"), caller.keyPem());
    }
    byte[] content = new byte[LENGTH];
    new Random(1).nextBytes(content);
    Files.write(folder.resolve("sent"), content);
    world = new OutsideWorld(sides.files, Optional.empty());
  }

  @AfterEach
  void close() {
    world.close();
    service.close();
  }

  private Outcome run(String input, List<String> command, String... more) throws Exception {
    Shell.assumeThere(command.get(0));
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(more));
    return Shell.run(folder, input, all.toArray(String[]::new));
  }

  private void assertCameBack() throws Exception {
    assertThat(Files.mismatch(folder.resolve("came"), folder.resolve("sent")))
        .as("first difference")
        .isNegative();
  }

  /**
   * It knows names of DNS only, and the egress has none: so it does not verify.
   *
   * @param said what it prints of each answer
   */
  private Outcome curl(String who, String version, String said, String... more) throws Exception {
    return run(
        "",
        List.of(
            "curl",
            "--silent",
            "--show-error",
            "--insecure",
            "--noproxy",
            "*",
            "--connect-to",
            "::127.0.0.1:" + world.egress.address().getPort(),
            "--cert",
            who + ".pem",
            "--key",
            who + ".key",
            "--http" + version,
            "--write-out",
            said),
        more);
  }

  private Outcome curlSends(String who, String version, String said) throws Exception {
    return curl(who, version, said, "--data-binary", "@sent", "--output", "came", URL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.1", "2"})
  void curlGetsBackTheMegabytesThatItSends(String version) throws Exception {
    Outcome outcome = curlSends("shop", version, "%{http_version} %{http_code}");
    assertThat(outcome.output()).isEqualTo(version + " 200");
    assertCameBack();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.1", "2"})
  void curlUsesItsConnectionAgain(String version) throws Exception {
    Outcome outcome = curl("shop", version, "%{http_code} %{num_connects},", URL, URL, URL);
    assertThat(outcome.output()).isEqualTo("200 1,200 0,200 0,");
    assertThat(service.connections).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.1", "2"})
  void curlIsDeniedAsAnotherCaller(String version) throws Exception {
    Outcome outcome = curlSends("other", version, "%{http_code}");
    assertThat(outcome.output()).startsWith("403");
    assertThat(service.connections).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void opensslIsAnsweredAndVerifiesTheEgress(String version) throws Exception {
    Outcome outcome =
        run(
            "POST / HTTP/1.1\r\nHost: web\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello",
            List.of(
                "openssl",
                "s_client",
                "-connect",
                "127.0.0.1:" + world.egress.address().getPort(),
                "-servername",
                WEB,
                "-CAfile",
                "mesh.pem",
                "-cert",
                "shop.pem",
                "-key",
                "shop.key",
                "-verify_return_error",
                "-quiet"),
            version);
    assertThat(outcome.output()).contains("HTTP/1.1 200 OK").contains("hello");
    assertThat(outcome.code()).as(outcome.output()).isZero();
  }

  /** It takes the server name from the host of its requests. */
  private Outcome nghttp(String who, String... more) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "nghttp",
                "--no-verify-peer",
                "--cert=" + who + ".pem",
                "--key=" + who + ".key",
                "--header=:authority: " + WEB,
                "--timeout=20s"));
    command.addAll(List.of(more));
    return run(
        "", command, "https://127.0.0.1:" + world.egress.address().getPort() + "/from-nghttp");
  }

  private static List<String> statuses(Outcome outcome) {
    return ANSWERED.matcher(outcome.output()).results().map(line -> line.group(1)).toList();
  }

  @Test
  void nghttpGetsBackTheMegabytesThatItSends() throws Exception {
    Shell.assumeThere("nghttp");
    String command =
        "nghttp --no-verify-peer --cert=shop.pem --key=shop.key --header=':authority: %s'"
            + " --data=sent https://127.0.0.1:%d/ > came";
    Outcome outcome =
        run("", List.of("sh", "-c", command.formatted(WEB, world.egress.address().getPort())));
    assertThat(outcome.output()).isEmpty();
    assertCameBack();
  }

  @Test
  void nghttpHasAllStreamsOfOneConnectionAnswered() throws Exception {
    Files.writeString(folder.resolve("small"), "x".repeat(1000));
    Outcome outcome =
        nghttp("shop", "--null-out", "--stat", "--multiply=" + STREAMS, "--data=small");
    List<MatchResult> answers = ANSWERED.matcher(outcome.output()).results().toList();
    assertThat(answers).as(outcome.output()).hasSize(STREAMS);
    assertThat(answers).allMatch(line -> line.group(1).equals("200"));
    assertThat(answers).allMatch(line -> line.group(2).equals("1000"));
    assertThat(world.egress.stats().total.sum()).isEqualTo(1);
  }

  @Test
  void nghttpIsDeniedAsAnotherCaller() throws Exception {
    Outcome outcome = nghttp("other", "--null-out", "--stat", "--multiply=3");
    assertThat(statuses(outcome)).as(outcome.output()).containsExactly("403", "403", "403");
    assertThat(service.connections).isEmpty();
  }
}
