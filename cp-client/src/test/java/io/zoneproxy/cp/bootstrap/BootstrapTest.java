package io.zoneproxy.cp.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Value;
import io.zoneproxy.cp.ads.Protocol;
import io.zoneproxy.cp.ads.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BootstrapTest {
  private static Bootstrap read(String yaml) throws BootstrapException {
    return Bootstrap.read(BootstrapAnswers.body(yaml));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ads_cluster", "system_ads"})
  void findsTheAdsByTheNameOfItsCluster(String cluster) throws Exception {
    Bootstrap bootstrap = read(BootstrapAnswers.withCluster(cluster, "cp.example", 5678));
    assertThat(bootstrap.ads()).isEqualTo(new Target("cp.example", 5678, BootstrapAnswers.CA));
    assertThat(bootstrap.admin())
        .isEqualTo(new Bootstrap.Admin("/tmp/zp/kuma-envoy-admin.sock", "", 0));
  }

  @Test
  void findsTheAdsWhereTokensAreReadAnew() throws Exception {
    Bootstrap bootstrap = read(BootstrapAnswers.withUri("127.0.0.1:15678"));
    assertThat(bootstrap.ads()).isEqualTo(new Target("127.0.0.1", 15678, BootstrapAnswers.CA));
    assertThat(bootstrap.admin()).isEqualTo(new Bootstrap.Admin("", "127.0.0.1", 9901));
  }

  @Test
  void takesAnIpv6AddressWithoutItsBrackets() throws Exception {
    assertThat(read(BootstrapAnswers.withUri("[::1]:5678")).ads().host()).isEqualTo("::1");
  }

  @Test
  void keepsTheNodeAsItIs() throws Exception {
    var node = read(BootstrapAnswers.withCluster("ads_cluster", "cp", 1)).node();
    assertThat(node.getId()).isEqualTo(".egress-1");
    assertThat(node.getCluster()).isEqualTo("egress");
    assertThat(node.getMetadata().getFieldsMap())
        .containsEntry("dataplane.admin.port", Value.newBuilder().setStringValue("9901").build())
        .containsEntry("ipv6Enabled", Value.newBuilder().setBoolValue(false).build());
  }

  @Test
  void triesFirstWhatIsNamed() throws Exception {
    String delta = BootstrapAnswers.withCluster("ads_cluster", "cp", 1);
    assertThat(read(delta).protocols()).containsExactly(Protocol.DELTA, Protocol.SOTW);
    String old = delta.replace("DELTA_GRPC", "GRPC"); // although the node can do delta
    assertThat(read(old).protocols()).containsExactly(Protocol.SOTW, Protocol.DELTA);
    String unasked = old.replace("[feature-delta-grpc]", "[]"); // an operator wants it so
    assertThat(read(unasked).protocols()).containsExactly(Protocol.SOTW, Protocol.DELTA);
  }

  @Test
  void saysWhereItIsNotReadableAndQuotesNothing() {
    assertThatThrownBy(() -> read("node: {id: x}\ntoken: {eyJhbGciOi: s3cret]\n"))
        .isInstanceOf(BootstrapException.class)
        .hasMessageContaining("ParserException at line 2, column ")
        .hasMessageNotContaining("s3cret");
    assertThatThrownBy(() -> read("node: {id: x, metadata: s3cret}"))
        .isInstanceOf(BootstrapException.class)
        .hasMessageNotContaining("s3cret");
    assertThatThrownBy(() -> Bootstrap.read("{\"bootstrap\": s3cret s3cret}"))
        .isInstanceOf(BootstrapException.class)
        .hasMessageContaining("JsonSyntaxException")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void neverShowsTheToken() throws Exception {
    Bootstrap bootstrap = read(BootstrapAnswers.withCluster("ads_cluster", "cp", 1));
    assertThat(bootstrap.text().toString()).contains("redacted").doesNotContain("TOKEN");
    assertThat(bootstrap.toString()).contains("cp:1").doesNotContain("TOKEN");
  }

  @Test
  void registersAnotherResourceOnlyWhereItRegistersOne() throws Exception {
    Bootstrap without = read(BootstrapAnswers.withCluster("ads_cluster", "cp", 1));
    assertThat(without.resource()).isEmpty();
    assertThat(without.nodeWith("{}")).isEqualTo(without.node());
    Bootstrap with =
        read(
            BootstrapAnswers.withCluster("ads_cluster", "cp", 1)
                .replace("ipv6Enabled: false", "dataplane.resource: '{type: ZoneIngress}'"));
    assertThat(with.resource()).isEqualTo("{type: ZoneIngress}");
    assertThat(with.nodeWith("{a: b}").getMetadata().getFieldsMap())
        .containsEntry("dataplane.resource", Value.newBuilder().setStringValue("{a: b}").build())
        .containsKey("dataplane.admin.port");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{}", "null", "[]", "{\"bootstrap\":\"%%\"}", "{\"bootstrap\":\"e30=\"}"})
  void saysThatAnAnswerIsNotOne(String body) {
    assertThatThrownBy(() -> Bootstrap.read(body))
        .isInstanceOf(BootstrapException.class)
        .hasMessageContaining("bootstrap")
        .hasMessageContaining("expected");
  }
}
