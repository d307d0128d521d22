package io.zoneproxy.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zoneproxy.core.model.policy.Cidr;
import io.zoneproxy.core.model.policy.HeaderMatch;
import io.zoneproxy.core.model.policy.MatchTree;
import io.zoneproxy.core.model.policy.Permission;
import io.zoneproxy.core.model.policy.Predicate;
import io.zoneproxy.core.model.policy.Principal;
import io.zoneproxy.core.model.policy.RbacSpec;
import io.zoneproxy.core.model.policy.RbacSpec.Action;
import io.zoneproxy.core.model.policy.RbacSpec.Policy;
import io.zoneproxy.core.model.policy.RbacSpec.Rules;
import io.zoneproxy.core.model.policy.RbacSpec.Verdict;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.observe.RbacStats;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RbacTest {
  private static final Permission ANYTHING = new Permission.Any();
  private static final Principal ANYBODY = new Principal.Any();

  private final RbacStats stats = new RbacStats();

  private static Subject from(String address, String serverName) {
    try {
      return Subject.unknown(InetAddress.getByName(address), serverName, 10_001);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static Subject owning(String... uris) {
    return new Subject(
        InetAddress.getLoopbackAddress(),
        "a",
        1,
        new Subject.Identity(List.of(uris), List.of("dns.example"), "CN=x"));
  }

  private static RbacSpec rules(Action action, Policy... policies) {
    return new RbacSpec(
        Optional.of(new Rules(action, List.of(policies))),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static Policy policy(Permission permission, Principal principal) {
    return new Policy("p", List.of(permission), List.of(principal));
  }

  private boolean allows(Permission permission, Principal principal, Subject subject) {
    return Rbac.of(rules(Action.ALLOW, policy(permission, principal)))
        .decide(subject, stats)
        .allowed();
  }

  @Test
  void letsEverybodyPassWhenNothingIsSaid() {
    RbacSpec nothing =
        new RbacSpec(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    assertThat(Rbac.of(nothing).decide(from("10.0.0.1", "a"), stats).allowed()).isTrue();
    assertThat(stats.allowed.sum()).isZero();
  }

  @Test
  void deniesEverybodyWithRulesThatHaveNoPolicy() {
    Rbac.Decision decision = Rbac.of(rules(Action.ALLOW)).decide(from("10.0.0.1", "a"), stats);
    assertThat(decision).isEqualTo(new Rbac.Decision(false, ""));
    assertThat(stats.denied.sum()).isEqualTo(1);
    assertThat(Rbac.of(rules(Action.DENY)).decide(from("10.0.0.1", "a"), stats).allowed()).isTrue();
  }

  @Test
  void namesThePolicyThatDenies() {
    Rbac rbac = Rbac.of(rules(Action.DENY, policy(ANYTHING, ANYBODY)));
    assertThat(rbac.decide(from("10.0.0.1", "a"), stats)).isEqualTo(new Rbac.Decision(false, "p"));
  }

  @Test
  void logsWithoutDenying() {
    assertThat(Rbac.of(rules(Action.LOG)).decide(from("10.0.0.1", "a"), stats).allowed()).isTrue();
  }

  @Test
  void combinesPermissions() {
    Permission name = new Permission.ServerName(StringMatch.prefix("back"));
    Permission port = new Permission.DestinationPort(10_001);
    Permission header = new Permission.Header(new HeaderMatch("x", Optional.empty(), false));
    Subject backend = from("10.0.0.1", "backend");
    assertThat(allows(new Permission.And(List.of(name, port)), ANYBODY, backend)).isTrue();
    assertThat(allows(new Permission.And(List.of(name, header)), ANYBODY, backend)).isFalse();
    assertThat(allows(new Permission.Or(List.of(header, port)), ANYBODY, backend)).isTrue();
    assertThat(allows(new Permission.Not(name), ANYBODY, backend)).isFalse();
    assertThat(allows(new Permission.Not(name), ANYBODY, from("10.0.0.1", "a"))).isTrue();
  }

  @Test
  void combinesPrincipals() {
    Principal here = new Principal.Source(new Cidr("10.0.0.0", 8));
    Principal there = new Principal.Source(new Cidr("192.168.0.0", 16));
    Subject subject = from("10.1.2.3", "a");
    assertThat(allows(ANYTHING, new Principal.Or(List.of(there, here)), subject)).isTrue();
    assertThat(allows(ANYTHING, new Principal.And(List.of(there, here)), subject)).isFalse();
    assertThat(allows(ANYTHING, new Principal.Not(there), subject)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0,8,10.255.0.1,true",
    "10.0.0.0,8,11.0.0.1,false",
    "10.0.0.7,32,10.0.0.7,true",
    "10.0.0.7,32,10.0.0.6,false",
    "10.0.0.4,31,10.0.0.5,true",
    "0.0.0.0,0,1.2.3.4,true",
    "0.0.0.0,0,::1,false",
    "fd00::,7,fdff::1,true",
    "fd00::,8,fe00::1,false",
    "::1,128,::1,true",
    "::ffff:10.0.0.0,104,10.9.9.9,true"
  })
  void knowsRanges(String range, int prefix, String address, boolean inside) {
    Principal source = new Principal.Source(new Cidr(range, prefix));
    assertThat(allows(ANYTHING, source, from(address, "a"))).isEqualTo(inside);
  }

  @Test
  void neverFitsAnUnknownAddressIntoARange() {
    Subject unknown = Subject.unknown(null, "a", 1);
    assertThat(allows(ANYTHING, new Principal.Source(new Cidr("0.0.0.0", 0)), unknown)).isFalse();
  }

  @Test
  void refusesARangeThatIsNone() {
    Policy bad = policy(ANYTHING, new Principal.Source(new Cidr("10.0.0.0", 33)));
    assertThatThrownBy(() -> Rbac.of(rules(Action.ALLOW, bad))).hasMessageContaining("10.0.0.0/33");
  }

  @Test
  void takesNobodyWithoutACertificateForAuthenticated() {
    Principal any = new Principal.Authenticated(Optional.empty());
    assertThat(allows(ANYTHING, any, from("10.0.0.1", "a"))).isFalse();
    assertThat(allows(ANYTHING, any, owning("spiffe://m/a"))).isTrue();
    Principal a = new Principal.Authenticated(Optional.of(StringMatch.exact("spiffe://m/a")));
    assertThat(allows(ANYTHING, a, owning("kuma://x", "spiffe://m/a"))).isTrue();
    assertThat(allows(ANYTHING, a, owning("spiffe://m/b"))).isFalse();
    Principal dns = new Principal.Authenticated(Optional.of(StringMatch.exact("dns.example")));
    assertThat(allows(ANYTHING, dns, owning())).isTrue();
    assertThat(allows(ANYTHING, dns, owning("spiffe://m/a"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "EXACT,Ab,true,aB,true",
    "EXACT,Ab,false,ab,false",
    "PREFIX,ab,false,abc,true",
    "PREFIX,abc,false,ab,false",
    "SUFFIX,bc,false,abc,true",
    "SUFFIX,abcd,false,bcd,false",
    "SUFFIX,BC,true,abc,true",
    "CONTAINS,b,false,abc,true",
    "CONTAINS,BC,true,abcd,true",
    "CONTAINS,x,false,abc,false"
  })
  void comparesTexts(
      StringMatch.Kind kind, String value, boolean ignoreCase, String name, boolean fits) {
    Permission test = new Permission.ServerName(new StringMatch(kind, value, ignoreCase));
    assertThat(allows(test, ANYBODY, from("10.0.0.1", name))).isEqualTo(fits);
  }

  @Test
  void knowsRegularExpressions() {
    StringMatch pattern = new StringMatch(StringMatch.Kind.REGEX, "spiffe://m/(a|b)", false);
    Principal aOrB = new Principal.Authenticated(Optional.of(pattern));
    assertThat(allows(ANYTHING, aOrB, owning("spiffe://m/b"))).isTrue();
    assertThat(allows(ANYTHING, aOrB, owning("spiffe://m/bb"))).isFalse();
    assertThat(allows(ANYTHING, new Principal.Not(aOrB), owning("spiffe://m/b"))).isFalse();
  }

  @Test
  void refusesWhatIsNoRegularExpression() {
    Permission regex =
        new Permission.ServerName(new StringMatch(StringMatch.Kind.REGEX, "(a", false));
    assertThatThrownBy(() -> Rbac.of(rules(Action.ALLOW, policy(regex, ANYBODY))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("regular expression (a (expected: a regular expression of RE2; ");
  }

  private static MatchTree<Verdict> tree(Optional<Verdict> otherwise) {
    Predicate a = new Predicate.Single(Predicate.Input.SERVER_NAME, StringMatch.exact("a"));
    Predicate owned =
        new Predicate.Single(Predicate.Input.URI_SAN, StringMatch.prefix("spiffe://m/"));
    Predicate notOwned = new Predicate.And(List.of(a, new Predicate.Not(owned)));
    return new MatchTree<>(
        List.of(
            new MatchTree.Branch<>(notOwned, new Verdict("strangers", Action.DENY)),
            new MatchTree.Branch<>(
                new Predicate.Or(List.of(a, owned)), new Verdict("friends", Action.ALLOW))),
        otherwise);
  }

  @Test
  void takesTheFirstBranchOfATreeThatFits() {
    Rbac rbac =
        Rbac.of(
            new RbacSpec(
                Optional.empty(),
                Optional.of(tree(Optional.empty())),
                Optional.empty(),
                Optional.empty()));
    assertThat(rbac.decide(from("10.0.0.1", "a"), stats))
        .isEqualTo(new Rbac.Decision(false, "strangers"));
    assertThat(rbac.decide(owning("spiffe://m/a"), stats))
        .isEqualTo(new Rbac.Decision(true, "friends"));
    assertThat(rbac.decide(from("10.0.0.1", "b"), stats)).isEqualTo(new Rbac.Decision(false, ""));
  }

  @Test
  void asksInATreeWhoTheCallerIs() {
    Predicate member =
        new Predicate.Caller(
            new Principal.Authenticated(Optional.of(StringMatch.prefix("spiffe://m/"))));
    MatchTree<Verdict> tree =
        new MatchTree<>(
            List.of(new MatchTree.Branch<>(member, new Verdict("members", Action.ALLOW))),
            Optional.empty());
    Rbac rbac =
        Rbac.of(
            new RbacSpec(Optional.empty(), Optional.of(tree), Optional.empty(), Optional.empty()));
    assertThat(rbac.decide(owning("spiffe://m/a"), stats))
        .isEqualTo(new Rbac.Decision(true, "members"));
    assertThat(rbac.decide(from("10.0.0.1", "a"), stats)).isEqualTo(new Rbac.Decision(false, ""));
  }

  @Test
  void countsTheShadowAndDoesNotObeyIt() {
    Rbac rbac =
        Rbac.of(
            new RbacSpec(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(tree(Optional.of(new Verdict("rest", Action.LOG))))));
    assertThat(rbac.decide(from("10.0.0.1", "a"), stats).allowed()).isTrue();
    assertThat(rbac.decide(from("10.0.0.1", "b"), stats).allowed()).isTrue();
    assertThat(stats.shadowDenied.sum()).isEqualTo(1);
    assertThat(stats.shadowAllowed.sum()).isEqualTo(1);
    assertThat(stats.allowed.sum() + stats.denied.sum()).isZero();
  }
}
