package io.zoneproxy.ingress.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.text.JsonReader;
import io.zoneproxy.ingress.launch.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a control plane's resources in a file. */
final class ValidateSnapshotTest {
  private static final String TCP =
      "type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy";

  private static final String CLUSTERS =
      """
      "clusters": [
        {"name": "default:backend", "type": "EDS", "connectTimeout": "5s",
         "edsClusterConfig": {"edsConfig": {"ads": {}, "resourceApiVersion": "V3"}}},
        {"name": "default:es", "type": "STATIC", "connectTimeout": "5s",
         "loadAssignment": {"clusterName": "default:es", "endpoints": [{"lbEndpoints": [
           {"endpoint": {"address": {"socketAddress": {"address": "192.0.2.7", "portValue": 80}}}}]}]}}]
      """;

  private static final String ENDPOINTS =
      """
      "endpoints": [{"clusterName": "default:backend", "endpoints": [{"priority": 1, "lbEndpoints": [
        {"endpoint": {"address": {"socketAddress": {"address": "192.0.2.1", "portValue": 10001}}},
         "loadBalancingWeight": 3}]}]}]
      """;

  private static final String TLS =
      """
      "transportSocket": {"name": "envoy.transport_sockets.tls", "typedConfig": {
        "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
        "requireClientCertificate": true,
        "commonTlsContext": {"tlsCertificateSdsSecretConfigs": [
          {"name": "identity_cert:secret:default",
           "sdsConfig": {"ads": {}, "resourceApiVersion": "V3"}}]}}},
      """;

  private final Path file;

  ValidateSnapshotTest(@TempDir Path folder) {
    file = folder.resolve("snapshot.json");
  }

  private static String chain(String serverName, String tls, String filter) {
    return """
    {"filterChainMatch": {"serverNames": ["%s"], "transportProtocol": "tls"}, %s
     "filters": [{"name": "envoy.filters.network.tcp_proxy", "typedConfig": {"@type": "%s",
       "statPrefix": "x", %s}}]}
    """
        .formatted(serverName, tls, TCP, filter);
  }

  private static String listeners(String... chains) {
    return """
    "listeners": [{"name": "inbound:127.0.0.1:10002", "trafficDirection": "INBOUND",
      "address": {"socketAddress": {"address": "127.0.0.1", "portValue": 10002}},
      "listenerFilters": [{"name": "envoy.filters.listener.tls_inspector", "typedConfig": {
        "@type": "type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector"}}],
      "filterChains": [%s]}]
    """
        .formatted(String.join(",", chains));
  }

  private Outcome validate(String text, String... more) throws IOException {
    Files.writeString(file, text);
    String[] args = new String[more.length + 2];
    args[0] = "validate";
    args[1] = "--snapshot=" + file;
    System.arraycopy(more, 0, args, 2, more.length);
    return Outcome.of(args);
  }

  private static String good() {
    return "{\"resources\": {%s, %s, %s}}"
        .formatted(
            CLUSTERS,
            ENDPOINTS,
            listeners(
                chain("backend{mesh=default}", "", "\"cluster\": \"default:backend\""),
                chain("es{mesh=default}", TLS, "\"cluster\": \"default:es\"")));
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> list(Map<String, Object> tree, String name) {
    return (List<Map<String, Object>>) tree.getOrDefault(name, List.of());
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> fields(Map<String, Object> tree) {
    return (Map<String, Object>) tree.getOrDefault("fields", Map.of());
  }

  @Test
  void saysWhatBecomesOfEachChain() throws IOException {
    Outcome outcome = validate(good());
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out())
        .startsWith(
            """
            listener inbound:127.0.0.1:10002 at 127.0.0.1:10002: 2 chains
              chain passthrough -> default:backend
                sni backend{mesh=default}
              chain terminate -> default:es (secret identity_cert:secret:default has not been sent)
                sni es{mesh=default}
            cluster default:backend
              endpoint 192.0.2.1:10001 priority 1 weight 3
            cluster default:es
              endpoint 192.0.2.7:80 priority 0 weight 1
            fields:\
            """)
        .contains(
            "  harmless envoy.config.listener.v3.Listener.traffic_direction: it is always"
                + " INBOUND\n")
        .contains(" 0 waiting, 0 refused\n");
    assertThat(outcome.code()).isZero();
  }

  @Test
  void answersInJson() throws IOException {
    Map<String, Object> tree = JsonReader.object(validate(good(), "--format=json").out().strip());
    Map<String, Object> listener = list(tree, "listeners").get(0);
    assertThat(listener).containsEntry("name", "inbound:127.0.0.1:10002");
    assertThat(list(listener, "chains"))
        .first()
        .isEqualTo(
            Map.of(
                "name",
                "",
                "serverNames",
                List.of("backend{mesh=default}"),
                "action",
                "passthrough",
                "reason",
                "",
                "clusters",
                List.of("default:backend")));
    Map<String, Object> fields = fields(tree);
    assertThat(fields).containsEntry("refused", List.of());
    assertThat(fields.get("honoured")).isInstanceOf(Long.class).isNotEqualTo(0L);
    assertThat(list(fields, "harmless"))
        .contains(
            Map.of(
                "field",
                "envoy.config.listener.v3.Listener.traffic_direction",
                "reason",
                "it is always INBOUND"));
  }

  @Test
  void aFieldThatIsNotSupportedMakesItBad() throws IOException {
    String bad =
        "{\"resources\": {%s, %s}}"
            .formatted(
                CLUSTERS,
                listeners(
                    chain("a", "", "\"cluster\": \"default:es\", \"maxConnectAttempts\": 7")));
    Outcome outcome = validate(bad, "--format=json");
    assertThat(outcome.code()).isEqualTo(1);
    Map<String, Object> tree = JsonReader.object(outcome.out().strip());
    assertThat(tree).containsEntry("valid", false).containsEntry("listeners", List.of());
    assertThat(list(fields(tree), "refused"))
        .singleElement()
        .satisfies(
            one ->
                assertThat(one)
                    .containsEntry(
                        "field",
                        "Listener/inbound:127.0.0.1:10002.filter_chains[0].filters[0].typed_config"
                            + ".max_connect_attempts"));
  }

  @Test
  void aFileThatIsNoneIsSaidWithoutAStackTrace() throws IOException {
    Outcome outcome = validate("{\"resources\": [");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err())
        .isEqualTo(
            "ingress: --snapshot: "
                + file
                + ": no JSON at $.resources[0] (expected: one JSON object)\n");
    assertThat(Outcome.of("validate", "--snapshot=/no/such"))
        .isEqualTo(
            new Outcome(1, "", "ingress: --snapshot: /no/such: is not there (expected: a file)\n"));
  }

  @Test
  void aTerminalObeysNothingInAName() throws IOException {
    String evil = "a\\u001b[2Jb\\u202ec\\u2028d\\ne";
    Outcome outcome =
        validate(
            good().replace("default:backend", evil).replace("\"es{mesh", "\"" + evil + "{mesh"));
    assertThat(outcome.out() + outcome.err())
        .contains("cluster a\\x1B[2Jb\\u202Ec\\u2028d\\x0Ae\n")
        .contains("sni a\\x1B[2jb\\u202Ec\\u2028d\\x0Ae{mesh=default}\n")
        .doesNotContain("\u001b", "\u202e", "\u2028", "d\ne");
    Outcome broken = validate("{\"resources\": {\"\\u001b[2J\": [}}");
    assertThat(broken.err()).contains("\\x1B[2J").doesNotContain("\u001b");
  }

  @Test
  void whatIsNoResourceIsSaid() throws IOException {
    Outcome outcome = validate("{\"configs\": [7, {\"@type\": \"x\", \"dynamicListeners\": [1]}]}");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out())
        .contains("refused  configs[0]: no object (expected: a part of a dump)\n")
        .contains("refused  configs[1]: x (expected: a part of a dump that is known here)\n")
        .contains("refused  configs[1].dynamic_listeners[0]: no object (expected: an object with");
  }

  @Test
  void eitherFilesOrASnapshot() throws IOException {
    Outcome outcome = validate(good(), "--resources=x");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err())
        .startsWith("ingress: validate: one of --resources and --snapshot is needed, not both");
  }
}
