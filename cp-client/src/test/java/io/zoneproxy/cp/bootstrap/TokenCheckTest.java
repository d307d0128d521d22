package io.zoneproxy.cp.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenCheckTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

  private static String token(String claims) {
    return base64("{\"alg\":\"RS256\",\"kid\":\"1\"}") + "." + base64(claims) + ".c2lnbmF0dXJl";
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static final TokenCheck EGRESS =
      new TokenCheck(new ProxyIdentity("egress", "egress-1", "", ""));
  private static final TokenCheck DATAPLANE =
      new TokenCheck(new ProxyIdentity("dataplane", "zp-1", "default", ""));

  @ParameterizedTest
  @ValueSource(strings = {"", "text", "a.b", "a.b.c", "a.!!.c", "a.e30.c\nsecond", "a.WzFd.c"})
  void saysWhatIsNoToken(String text) {
    assertThat(EGRESS.unusable(text))
        .hasValueSatisfying(why -> assertThat(why).contains("expected"));
  }

  @Test
  void takesATokenForWhatItIs() {
    String token = token("{\"Zone\":\"zone-1\",\"Scope\":[\"egress\"],\"exp\":1800000001}");
    assertThat(EGRESS.unusable(token)).isEmpty();
    assertThat(EGRESS.doubts(token, NOW)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"Scope":["egress"],"exp":1800000000} | has expired
          {"Scope":["egress"],"nbf":1800000060} | begins at
          {"Scope":["ingress"]} | has the scope
          {"Scope":[]} | has the scope
          {"Mesh":"default","Name":"x"} | is a dataplane token
          """)
  void doubtsAZoneTokenThatIsForSomethingElse(String claims, String doubt) {
    assertThat(EGRESS.doubts(token(claims), NOW)).hasSize(1).first().asString().contains(doubt);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"Scope":["egress"],"Zone":"zone-1"} | is a zone token
          {"Mesh":"default","Name":"zp-2"} | is for Name zp-2
          {"Mesh":"other","Name":"zp-1"} | is for Mesh other
          """)
  void doubtsADataplaneTokenThatIsForSomethingElse(String claims, String doubt) {
    assertThat(DATAPLANE.doubts(token(claims), NOW)).hasSize(1).first().asString().contains(doubt);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"Workload":"a"} | labels: {kuma.io/workload: a} | 0
          {"Workload":"a"} | labels: {kuma.io/workload: b} | 1
          {"Workload":"a"} | name: zp-1 | 1
          {"Mesh":"default"} | labels: {kuma.io/workload: b} | 0
          """)
  void comparesTheWorkloadWithTheLabel(String claims, String resource, int doubts) {
    TokenCheck check = new TokenCheck(new ProxyIdentity("dataplane", "zp-1", "default", resource));
    assertThat(check.doubts(token(claims), NOW)).hasSize(doubts);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"soon\"", "null", "[]", "1e300", "true"})
  void endsAtNoMistakeInAClaim(String expiry) {
    assertThat(EGRESS.doubts(token("{\"exp\":" + expiry + ",\"nbf\":{}}"), NOW))
        .hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void knowsNothingAgainstATokenOfAServiceAccount() {
    String token = token("{\"sub\":\"system:serviceaccount:kuma:egress\",\"exp\":1800000001}");
    assertThat(EGRESS.doubts(token, NOW)).isEmpty();
    assertThat(DATAPLANE.doubts(token, NOW)).isEmpty();
  }

  @Test
  void neverShowsTheToken() {
    String token = token("{\"Scope\":[],\"exp\":1}");
    assertThat(EGRESS.doubts(token, NOW))
        .noneMatch(doubt -> doubt.contains(token.substring(0, 20)));
  }
}
