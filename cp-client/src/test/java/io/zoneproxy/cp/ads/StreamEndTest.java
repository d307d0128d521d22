package io.zoneproxy.cp.ads;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The texts are those of kuma-cp 2.14.3. */
final class StreamEndTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          there is already an active stream from this node, try again later | last stream
          authentication failed: token cannot be used to authenticate zone entity (egress is out of token's scope: [ingress]) | another kind of proxy
          authentication failed: zone from requestor: zone-1 is different than in token: zone-2 | another zone
          authentication failed: token is revoked | a new one
          authentication failed: could not parse token. kuma-cp runs with an in-memory database: token has invalid claims: token is expired | has expired
          authentication failed: could not parse token. kuma-cp runs with an in-memory database: token signature is invalid: crypto/rsa: verification error | signed by another control plane
          authentication failed: could not parse token. kuma-cp runs with an in-memory database: token is malformed | cannot be read
          resource ".egress-1" not found; create a ZoneEgress in Kuma CP first or pass it as an argument to kuma-dp | --dataplane-file
          dataplane has no workload label required by the token | kuma.io/workload
          dataplane with "kuma.io/workload" label "x" derives its identity from the workload, so it requires a workload-bound token | --workload
          dataplane workload "x" is not allowed with this token. Allowed workload in token is "y" | another workload
          could not register proxy passed in kuma-dp run: invalid type *v1alpha1.ZoneEgress for Spec | --proxy-type
          unsupported proxy type egress | networking.listeners
          proxyId {a} does not match proxy resource {b} | the same
          """)
  void saysWhatATextOfTheControlPlaneMeans(String text, String meaning) {
    assertThat(StreamEnd.explain(Status.UNKNOWN.withDescription(text)))
        .contains(meaning)
        .contains(text);
  }

  @Test
  void showsWhatItDoesNotKnow() {
    assertThat(StreamEnd.explain(Status.INTERNAL.withDescription("internal server error")))
        .isEqualTo("INTERNAL: internal server error");
  }

  @Test
  void hasTheCauseOfAFailedConnection() {
    Status failed =
        Status.UNAVAILABLE.withDescription("io exception").withCause(new Exception("refused"));
    assertThat(StreamEnd.explain(failed)).isEqualTo("UNAVAILABLE: io exception: refused");
  }

  @Test
  void saysThatAnOrderlyEndIsAShutdown() {
    assertThat(StreamEnd.explain(Status.OK)).contains("shutting down");
  }

  @Test
  void knowsTheOnlyReasonThatEndsByItself() {
    Status held =
        Status.UNKNOWN.withDescription("there is already an active stream from this node");
    assertThat(StreamEnd.lastStreamIsHeld(held)).isTrue();
    assertThat(StreamEnd.lastStreamIsHeld(Status.UNAVAILABLE)).isFalse();
  }
}
