package io.zoneproxy.tls.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.model.tls.SanMatch;
import io.zoneproxy.tls.identity.TestAuthority.Issued;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is remembered of a chain that was found good, and what never passes by that. */
class GoodChainsTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  /** Set by hand. */
  private static final class SetClock extends Clock {
    private Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  private final SetClock clock = new SetClock();
  private final TestAuthority mesh = TestAuthority.create("mesh");
  private final X509Certificate[] web =
      mesh.order().uri("spiffe://default/web").issue().presented();
  private final GoodChains good = new GoodChains(clock);

  private boolean isKnown(X509Certificate... chain) {
    return good.look(chain) == null;
  }

  private void find(X509Certificate... chain) {
    GoodChains.Unknown unknown = good.look(chain);
    assertThat(unknown).isNotNull();
    good.add(unknown, clock.instant().plus(HOUR));
  }

  @Test
  void aChainHoldsFromWhenItWasFoundGoodToItsEnd() {
    Instant found = clock.now;
    find(web);

    assertThat(isKnown(web)).isTrue();
    clock.now = found.plus(HOUR);
    assertThat(isKnown(web.clone())).isTrue();
    clock.now = found.minusMillis(1); // set back
    assertThat(isKnown(web)).isFalse();
    clock.now = found.plus(HOUR).plusMillis(1);
    assertThat(isKnown(web)).isFalse();
  }

  @Test
  void anotherChainIsNotKnown() {
    find(web);
    X509Certificate[] again = mesh.order().uri("spiffe://default/web").issue().presented();

    assertThat(isKnown(again)).isFalse();
    assertThat(isKnown(web[0], mesh.certificate())).isFalse();
    assertThat(isKnown(web[0], web[0])).isFalse();
  }

  @Test
  void noMoreAreKeptThanFewWhoeverComes() {
    X509Certificate[] longer = web;
    for (int i = 0; i <= GoodChains.MOST; i++) {
      find(longer);
      longer = Arrays.copyOf(longer, longer.length + 1);
      longer[longer.length - 1] = web[0];
    }

    assertThat(good.size()).isEqualTo(GoodChains.MOST);
    assertThat(isKnown(web)).isFalse(); // the one that was not asked for the longest time
  }

  @Test
  void aLeafThatEndsIsRefusedThoughItWasGood() throws PeerRefusedException {
    Issued leaf = mesh.order().valid(clock.now.minus(DAY), clock.now.plus(HOUR)).issue();
    PeerCheck check = PeerCheck.byAuthorities(List.of(mesh.certificate()), List.of()).at(clock);

    check.verify(leaf.presented());
    clock.now = clock.now.plus(HOUR);
    check.verify(leaf.presented());
    clock.now = clock.now.plusSeconds(1);
    assertThatThrownBy(() -> check.verify(leaf.presented()))
        .isInstanceOf(PeerRefusedException.class)
        .hasMessageContaining("certificate has expired at ");
  }

  @Test
  void anIntermediateThatEndsBeforeItsLeafCountsToo() throws PeerRefusedException {
    TestAuthority below =
        mesh.below(mesh.order().subject("below").valid(clock.now.minus(DAY), clock.now.plus(HOUR)));
    Issued leaf = below.order().valid(clock.now.minus(DAY), clock.now.plus(DAY)).issue();
    X509Certificate[] presented = {leaf.chain().get(0), below.certificate()};
    PeerCheck check = PeerCheck.byAuthorities(List.of(mesh.certificate()), List.of()).at(clock);

    check.verify(presented);
    clock.now = clock.now.plus(HOUR).plusSeconds(1);
    assertThatThrownBy(() -> check.verify(presented)).isInstanceOf(PeerRefusedException.class);
  }

  @Test
  void whatOneCheckHasFoundGoodAnotherOneJudges() throws PeerRefusedException {
    List<X509Certificate> trusted = List.of(mesh.certificate());
    List<X509Certificate> next = List.of(TestAuthority.create("mesh").certificate());
    PeerCheck.byAuthorities(trusted, List.of()).verify(web);
    PeerCheck.byTrustDomain(Map.of("default", trusted), List.of()).verify(web);

    SanMatch other = new SanMatch(SanMatch.Type.URI, StringMatch.prefix("spiffe://other/"));
    for (PeerCheck check :
        List.of(
            PeerCheck.byAuthorities(next, List.of()), // the secret was swapped
            PeerCheck.byAuthorities(trusted, List.of(other)),
            PeerCheck.byTrustDomain(Map.of("default", next), List.of()),
            PeerCheck.byTrustDomain(Map.of("elsewhere", trusted), List.of()))) {
      assertThatThrownBy(() -> check.verify(web)).isInstanceOf(PeerRefusedException.class);
    }
  }

  @Test
  void aChainThatWasRefusedIsJudgedEachTime() {
    Issued leaf = mesh.order().valid(clock.now.plus(HOUR), clock.now.plus(DAY)).issue();
    PeerCheck check = PeerCheck.byAuthorities(List.of(mesh.certificate()), List.of()).at(clock);

    assertThatThrownBy(() -> check.verify(leaf.presented()))
        .isInstanceOf(PeerRefusedException.class);
    clock.now = clock.now.plus(HOUR);
    assertThatCode(() -> check.verify(leaf.presented())).doesNotThrowAnyException();
  }
}
