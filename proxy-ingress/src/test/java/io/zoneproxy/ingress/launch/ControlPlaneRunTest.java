package io.zoneproxy.ingress.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.ingress.controlplane.ControlPlaneConfig;
import io.zoneproxy.ingress.controlplane.Features;
import io.zoneproxy.ingress.controlplane.ManagedProxy;
import io.zoneproxy.ingress.controlplane.TokenOrigin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What flags and variables make of a run that a control plane drives. */
class ControlPlaneRunTest {
  private static final String INGRESS =
      """
      type: ZoneIngress
      name: {{ name }}
      networking: {address: 127.0.0.1, port: 10001, admin: {port: 9901}}
      """;

  private static final String DATAPLANE =
      """
      type: Dataplane
      mesh: default
      name: zp-1
      networking:
        address: 127.0.0.1
        admin: {port: 9905}
        listeners: [{type: ZoneIngress, address: 127.0.0.1, port: 10011}]
      """;

  private final Path folder;
  private final Path ingress;
  private final Path dataplane;
  private final Path token;
  private final List<ControlPlaneConfig> configs = new ArrayList<>();

  ControlPlaneRunTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    ingress = Files.writeString(folder.resolve("ingress.yaml"), INGRESS);
    dataplane = Files.writeString(folder.resolve("dataplane.yaml"), DATAPLANE);
    token = Files.writeString(folder.resolve("token"), jwt("one") + "\n");
  }

  private static String jwt(String claims) {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    String header = base64.encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
    String json = "{\"jti\":\"" + claims + "\"}";
    return header + "." + base64.encodeToString(json.getBytes(StandardCharsets.UTF_8)) + ".c2ln";
  }

  private Outcome run(Map<String, String> environment, String... args) {
    return Outcome.of(
        (config, options, variables) -> {
          assertThat(config.host().workDir()).isDirectory();
          configs.add(config);
          return 0;
        },
        environment,
        args);
  }

  private ControlPlaneConfig config(Map<String, String> environment, String... args) {
    Outcome outcome = run(environment, args);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    return configs.get(configs.size() - 1);
  }

  private void fails(Map<String, String> environment, String words, String... args) {
    Outcome outcome = run(environment, args);
    assertThat(outcome.err()).contains(words).doesNotContain("Exception");
    assertThat(outcome.err().lines()).allMatch(line -> line.startsWith("ingress: "));
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(configs).isEmpty();
  }

  private String[] flags(String... more) {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--proxy-type=ingress",
                "--cp-address=https://cp:5678",
                "--dataplane-file=" + ingress,
                "--dataplane-var=name=ingress-1",
                "--dataplane-token-file=" + token,
                "--log-level=info"));
    flags.addAll(List.of(more));
    return flags.toArray(new String[0]);
  }

  /** As Kuma's chart starts it, but for the paths. */
  private Map<String, String> chart() throws IOException {
    Path ca = Files.writeString(folder.resolve("ca.crt"), "-----BEGIN CERTIFICATE-----\nMIIB\n");
    return new HashMap<>(
        Map.of(
            "KUMA_DATAPLANE_PROXY_TYPE", "ingress",
            "POD_NAME", "kuma-ingress-0",
            "POD_NAMESPACE", "kuma-system",
            "HOST_IP", "192.0.2.7",
            "KUMA_CONTROL_PLANE_URL", "https://kuma-control-plane.kuma-system:5678",
            "KUMA_CONTROL_PLANE_CA_CERT_FILE", ca.toString(),
            "KUMA_DATAPLANE_DRAIN_TIME", "40s",
            "KUMA_DATAPLANE_RUNTIME_TOKEN_PATH", token.toString()));
  }

  @Test
  void variablesAloneAreEnoughAsInKumasChart() throws IOException {
    ControlPlaneConfig config = config(chart(), "run", "--log-level=info");
    assertThat(config.server().address()).isEqualTo("https://kuma-control-plane.kuma-system:5678");
    assertThat(config.server().caFile()).contains(folder.resolve("ca.crt"));
    assertThat(config.server().retryBackoff()).isEqualTo(Duration.ofSeconds(3));
    assertThat(config.server().retryMaxDuration()).isEqualTo(Duration.ofMinutes(5));
    assertThat(config.server().skipVerify()).isFalse();
    assertThat(config.host().readinessPort()).isEqualTo(9902);
    assertThat(config.host().dynamicMetadata()).isEqualTo(Map.of("HOST_IP", "192.0.2.7"));
    assertThat(config.lastKnownGood().maxAge()).isEqualTo(Duration.ofHours(24));
    assertThat(config.lastKnownGood().keyFile()).isEmpty();
    assertThat(config.features())
        .isEqualTo(new Features(true, false, false, Optional.empty(), true));
    assertThat(config.adminPort()).isZero();
    assertThat(config.proxies()).hasSize(1);
    ManagedProxy proxy = config.proxies().get(0);
    assertThat(proxy.id()).isEqualTo("ingress kuma-ingress-0.kuma-system");
    assertThat(proxy.resource()).isEmpty();
    assertThat(proxy.token()).isEqualTo(new TokenOrigin.File(token));
  }

  @Test
  void theOwnResourceIsRenderedAndSaysNameMeshAndAdminPort() {
    Outcome outcome = run(Map.of(), flags());
    assertThat(outcome.err())
        .contains("INFO ingress ingress-1: its resource is type: ZoneIngress | name: ingress-1 | ")
        .doesNotContain("\\x0A");
    ManagedProxy proxy = configs.get(0).proxies().get(0);
    assertThat(proxy.resource()).isEqualTo(INGRESS.replace("{{ name }}", "ingress-1"));
    assertThat(proxy.mesh()).isEmpty();
    assertThat(configs.get(0).adminPort()).isEqualTo(9901);
    assertThat(config(Map.of(), flags("--proxy-type=dataplane", "-d", dataplane.toString())))
        .extracting(config -> config.proxies().get(1).id())
        .isEqualTo("dataplane default.zp-1");
  }

  @Test
  void severalVariablesStandInOneFlagWithCommas() throws IOException {
    Files.writeString(
        ingress,
        """
        type: ZoneIngress
        name: {{ a.name }}{{ unknown }}
        networking: {address: {{ address }}, port: {{ a.port }}}
        """);
    ControlPlaneConfig config =
        config(Map.of(), flags("-v", "a.name=x,a.port=10001,address=127.0.0.1"));
    assertThat(config.proxies().get(0).resource())
        .contains("name: x\n", "address: 127.0.0.1, port: 10001");
  }

  @Test
  void aVariableWinsOverItsFlag() throws IOException {
    Path other = Files.writeString(folder.resolve("other"), jwt("two"));
    Map<String, String> environment =
        Map.of(
            "KUMA_CONTROL_PLANE_URL", "https://[::1]/path?x=y",
            "KUMA_DATAPLANE_RUNTIME_TOKEN_PATH", other.toString(),
            "KUMA_CONTROL_PLANE_TLS_SKIP_VERIFY", "false",
            "KUMA_CONTROL_PLANE_RETRY_BACKOFF", "1s",
            "ZONEPROXY_LAST_KNOWN_GOOD_MAX_AGE", "1h",
            "KUMA_DATAPLANE_RUNTIME_ENVOY_XDS_TRANSPORT_PROTOCOL_VARIANT", "grpc",
            "KUMA_CONTROL_PLANE_CA_CERT", "-----BEGIN CERTIFICATE-----\n");
    ControlPlaneConfig config =
        config(environment, flags("--skip-verify", "--last-known-good-max-age=2h"));
    assertThat(config.server().address()).isEqualTo("https://[::1]:443");
    assertThat(config.server().skipVerify()).isFalse();
    assertThat(config.server().retryBackoff()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.server().caText()).startsWith("-----BEGIN");
    assertThat(config.lastKnownGood().maxAge()).isEqualTo(Duration.ofHours(1));
    assertThat(config.features().delta()).isFalse();
    assertThat(config.proxies().get(0).token()).isEqualTo(new TokenOrigin.File(other));
  }

  @ParameterizedTest
  @CsvSource({
    "https://cp, https://cp:443",
    "HTTPS://kuma_cp.example:5678/any/path, https://kuma_cp.example:5678",
    "https://192.0.2.1:1?q#f, https://192.0.2.1:1",
    "https://[2001:db8::1]:5678, https://[2001:db8::1]:5678",
  })
  void onlySchemeHostAndPortOfTheAddressCount(String given, String address) {
    assertThat(config(Map.of(), flags("--cp-address=" + given)).server().address())
        .isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--skip-verify", "--skip-verify=true", "--skip-verify=1"})
  void aSwitchMayStandAlone(String flag) {
    assertThat(config(Map.of(), flags(flag)).server().skipVerify()).isTrue();
  }

  @Test
  void twoProxyTypesShareATokenOrHaveOneEach() throws IOException {
    String types = "--proxy-type=ingress,dataplane";
    ControlPlaneConfig shared = config(Map.of(), flags(types, "-d", dataplane.toString()));
    assertThat(shared.proxies())
        .extracting(ManagedProxy::token)
        .containsExactly(new TokenOrigin.File(token), new TokenOrigin.File(token));
    assertThat(shared.adminPort()).isEqualTo(9901);
    Path other = Files.writeString(folder.resolve("other"), jwt("two"));
    ControlPlaneConfig each =
        config(
            Map.of(), flags(types, "-d", dataplane.toString(), "--dataplane-token-file=" + other));
    assertThat(each.proxies())
        .extracting(ManagedProxy::token)
        .containsExactly(new TokenOrigin.File(token), new TokenOrigin.File(other));
    configs.clear();
    fails(
        Map.of(),
        "2 times --dataplane-token-file with 1 proxy types (expected: once, or once for each)",
        flags("--dataplane-token-file=" + other));
  }

  @Test
  void anInlineTokenIsTakenWarnedOfAndNeverShown() {
    Outcome outcome = run(Map.of(), flags("--dataplane-token=" + jwt("inline")));
    assertThat(outcome.err())
        .contains("WARN --dataplane-token stands in the process list")
        .contains("WARN --dataplane-token-file is not used")
        .doesNotContain(jwt("inline"));
    assertThat(configs.get(0).proxies().get(0).token())
        .isEqualTo(new TokenOrigin.Inline(jwt("inline")));
    assertThat(configs.toString()).doesNotContain(jwt("inline"));
    Outcome variable = run(Map.of("KUMA_DATAPLANE_RUNTIME_TOKEN", jwt("inline")), flags());
    assertThat(variable.err()).doesNotContain("process list");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''           | the token is empty",
        "'a\nb'       | the token has several lines (expected: one)",
        "'no.jwt'     | the token is no JWT (expected: three parts with dots between them)",
        "'e30.!.c2ln' | the token is no JWT",
      })
  void anUnusableTokenIsRefusedWithoutBeingShown(String text, String words) throws IOException {
    Files.writeString(token, text + "\n");
    fails(Map.of(), "--dataplane-token-file=" + token + ": " + words, flags());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--cp-address=http://cp:5678 | --cp-address=http://cp:5678 is not encrypted",
        "--cp-address=cp:5678 | --cp-address=cp:5678 (expected: https://HOST:PORT)",
        "--cp-address=grpc://cp:5678 | --cp-address=grpc://cp:5678 (expected: https://HOST:PORT)",
        "--cp-address=https://u:p@cp:5678 | (expected: https://HOST:PORT)",
        "--cp-address=https://cp:70000 | port 70000 (expected: 1 to 65535)",
        "--ca-cert-file=/no/ca.pem | --ca-cert-file=/no/ca.pem: no such file (expected: a file of",
        "--ca-cert-file=/ | --ca-cert-file=/: is a folder (expected: a file of certificates",
        "--dataplane-token-file=/no/token | 2 times --dataplane-token-file with 1 proxy types",
        "--dataplane-token=x | --dataplane-token: the token is no JWT",
        "--name=n | --name=n beside the own resource of ingress ingress-1 (expected: one of them",
        "--mesh=m | --mesh=m beside the own resource of ingress ingress-1 (expected: one of them",
        "--readiness-port=9901 | --readiness-port=9901 is the networking.admin.port of ingress in",
        "--metrics-cert-path=/c | --metrics-cert-path=/c --metrics-key-path= (expected: both, or",
        "--last-known-good-key-file=/no/key | /no/key: no such file (expected: a file with a key)",
        "--last-known-good-max-age=1d | '1d' is not a duration",
        "--skip-verify=maybe | 'maybe' is neither (expected: true or false)",
        "--work-dir=/proc/self/stat | --work-dir=/proc/self/stat: cannot be made: is a file",
        "--proxy-type=ingress,dataplane | with 1 own resources (expected: 2, by --dataplane-file)",
        "--proxy-type=dataplane | (expected: Dataplane, because of --proxy-type=dataplane, the"
            + " default)",
        "--resources=/tmp | --resources and --cp-address=https://cp:5678 together",
      })
  void aBadFlagIsNamedWithItsValueAndWhatWouldBeRight(String flag, String words) {
    fails(Map.of(), words, flags(flag));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "KUMA_CONTROL_PLANE_RETRY_BACKOFF | 0 | KUMA_CONTROL_PLANE_RETRY_BACKOFF=0s (expected: at",
        "KUMA_CONTROL_PLANE_RETRY_BACKOFF | '' | KUMA_CONTROL_PLANE_RETRY_BACKOFF: '' is not a",
        "KUMA_CONTROL_PLANE_RETRY_MAX_DURATION | x | 'x' is not a duration",
        "KUMA_CONTROL_PLANE_CA_CERT | text | KUMA_CONTROL_PLANE_CA_CERT=text (expected: certific",
        "KUMA_CONTROL_PLANE_TLS_SKIP_VERIFY | '' | [set by KUMA_CONTROL_PLANE_TLS_SKIP_VERIFY]",
        "KUMA_DATAPLANE_RUNTIME_IPV6_ENABLED | '' | _IPV6_ENABLED= (expected: true or false)",
        "KUMA_DATAPLANE_RUNTIME_SPIRE_SUPPORTED | yes | SUPPORTED=yes (expected: true or false)",
        "KUMA_DATAPLANE_RUNTIME_ENVOY_XDS_TRANSPORT_PROTOCOL_VARIANT | REST | GRPC, DELTA_GRPC",
      })
  void aBadVariableIsNamed(String variable, String value, String words) {
    fails(Map.of(variable, value), words, flags());
  }

  @Test
  void severalBadVariablesAreSaidTogether() {
    Outcome outcome =
        run(
            Map.of(
                "KUMA_CONTROL_PLANE_RETRY_BACKOFF", "0",
                "KUMA_DATAPLANE_RUNTIME_REUSE_PORT_ENABLED", "x"),
            flags("--readiness-port=9901"));
    assertThat(outcome.err().lines()).hasSize(3);
  }

  @Test
  void aMeshInAZoneResourceIsRefused() throws IOException {
    Files.writeString(ingress, "mesh: default\n" + INGRESS);
    fails(
        Map.of(), "mesh: default (a ZoneIngress belongs to no mesh: leave the field out)", flags());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--proxy-type=ingress | '' | no --dataplane-file and no --name (expected: the own resource",
        "--proxy-type=ingress | --name=Ingress | --name=Ingress (expected: a DNS name of a-z, 0-9",
        "--proxy-type=ingress | --name=$(POD) | --name=$(POD) (expected: a DNS name of a-z, 0-9",
        "--proxy-type=dataplane | --name=zp | --proxy-type=dataplane without --dataplane-file and",
        "--proxy-type=dataplane | --mesh=default | no --dataplane-file and no --name (expected:",
      })
  void withoutAResourceNameAndMeshAreChecked(String type, String flag, String words) {
    fails(Map.of(), words, flag.isEmpty() ? new String[] {type} : new String[] {type, flag});
  }

  @Test
  void withoutAResourceNameAndMeshAreTheFlags() {
    ControlPlaneConfig config = config(Map.of(), "--name=zp-1", "--mesh=default");
    assertThat(config.proxies().get(0).id()).isEqualTo("dataplane default.zp-1");
    assertThat(config.server().address()).isEqualTo("https://localhost:5678");
    assertThat(config.proxies().get(0).token()).isEqualTo(new TokenOrigin.None());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "$(POD_NAME).$(POD_NAMESPACE)", "{{ name }}"})
  void aPodNamesAProxyWhoseNameNobodyFilledIn(String name) throws IOException {
    Map<String, String> environment = chart();
    environment.put("KUMA_DATAPLANE_NAME", name);
    assertThat(config(environment).proxies().get(0).name()).isEqualTo("kuma-ingress-0.kuma-system");
    environment.put("KUMA_DATAPLANE_NAME", "given");
    assertThat(config(environment).proxies().get(0).name()).isEqualTo("given");
  }

  @Test
  void whatHasNoUseIsSaidOnceAndIgnored() {
    Outcome outcome =
        run(
            Map.of("KUMA_DNS_PROXY_PORT", "15053", "KUMA_DATAPLANE_RUNTIME_SOCKET_DIR", ""),
            flags(
                "--binary-path=envoy",
                "--dns-enabled=false",
                "--transparent-proxy",
                "--transparent-proxy-config=a",
                "--transparent-proxy-config=b",
                "--envoy-log-level",
                "debug",
                "--zone=east",
                "--config-dir=" + folder.resolve("work")));
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.err())
        .containsOnlyOnce("INFO --binary-path is ignored: there is no Envoy")
        .containsOnlyOnce("INFO --dns-enabled is ignored: a zone proxy answers no DNS")
        .containsOnlyOnce("INFO --transparent-proxy is ignored: it is for sidecars")
        .containsOnlyOnce("INFO --transparent-proxy-config is ignored")
        .containsOnlyOnce("INFO --envoy-log-level is ignored")
        .containsOnlyOnce("INFO KUMA_DNS_PROXY_PORT is ignored")
        .containsOnlyOnce("WARN --zone is not used")
        .containsOnlyOnce("WARN --config-dir is an older name (expected: --work-dir)");
  }

  @Test
  void aNamedWorkFolderIsMadeAndStays() {
    Path work = folder.resolve("a").resolve("b");
    assertThat(config(Map.of(), flags("--work-dir=" + work)).host().workDir()).isEqualTo(work);
    assertThat(work).isDirectory();
  }

  @Test
  void aTemporaryWorkFolderIsForThisUserAndGoneAfterwards() {
    Outcome outcome =
        Outcome.of(
            (config, options, variables) -> {
              try {
                Path work = config.host().workDir();
                assertThat(work.getFileName().toString()).startsWith("zoneproxy-");
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(work)))
                    .isEqualTo("rwx--x--x");
                Files.createDirectory(work.resolve("inner"));
                Files.writeString(work.resolve("inner").resolve("file"), "x");
              } catch (IOException e) {
                throw new AssertionError(e);
              }
              configs.add(config);
              return 7;
            },
            Map.of(),
            flags());
    assertThat(outcome.code()).as(outcome.err()).isEqualTo(7);
    assertThat(configs.get(0).host().workDir()).doesNotExist();
  }

  @Test
  void theWordRunMayComeAfterFlagsOfTheLog() throws IOException {
    assertThat(config(chart(), "--log-level", "info", "run")).isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/no/token | /no/token: no such file (expected: one with a token)",
        "/tmp      | /tmp is no token (expected: a file of at most 64 KiB)",
      })
  void aTokensFileThatIsNoneIsNamed(String file, String words) {
    fails(Map.of("KUMA_DATAPLANE_RUNTIME_TOKEN_PATH", file), words, flags());
  }

  @Test
  void aMissingTokenIsWarnedOf() {
    assertThat(run(Map.of(), "--name=zp-1", "--mesh=default").err())
        .contains("WARN no --dataplane-token-file: a control plane that wants tokens will refuse");
  }
}
