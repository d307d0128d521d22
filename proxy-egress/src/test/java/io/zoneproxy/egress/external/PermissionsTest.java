package io.zoneproxy.egress.external;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.config.kuma.ReadFile;
import io.zoneproxy.core.config.kuma.ResourceReader;
import io.zoneproxy.core.model.policy.RbacSpec;
import io.zoneproxy.core.observe.RbacStats;
import io.zoneproxy.core.policy.Rbac;
import io.zoneproxy.core.policy.Subject;
import io.zoneproxy.core.resource.Mesh;
import io.zoneproxy.core.resource.Resources;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PermissionsTest {
  private static final Map<String, String> API =
      Map.of("kuma.io/service", "api", "kuma.io/protocol", "http", "version", "v1");
  private static final String SNI = "api{mesh=default}";
  private static final List<String> SHOP =
      List.of("spiffe://default/shop", "kuma://kuma.io/service/shop", "kuma://version/v1");
  private static final List<String> OTHER =
      List.of("spiffe://default/other", "kuma://kuma.io/service/other");

  @Test
  void withoutAPolicyAnExternalServiceIsClosedAndANewerOneOpen() {
    Permissions none = permissions("");
    assertThat(allows(none.ofExternal(API, SNI), SHOP)).isFalse();
    assertThat(allows(none.ofMeshExternal(SNI), SHOP)).isTrue();
  }

  @Test
  void aMeshThatForbidsClosesTheNewerOnesToo() {
    Permissions forbidden =
        permissions("", "routing: {defaultForbidMeshExternalServiceAccess: true}");
    assertThat(allows(forbidden.ofMeshExternal(SNI), SHOP)).isFalse();
  }

  @Test
  void theLastEntryThatFitsDecides() {
    Permissions permissions =
        permissions(
            from(
                "a",
                "Mesh",
                "{targetRef: {kind: Mesh}, default: {action: Allow}}",
                "{targetRef: {kind: MeshService, name: shop}, default: {action: Deny}}"));
    assertThat(allows(permissions.ofExternal(API, SNI), SHOP)).isFalse();
    assertThat(allows(permissions.ofExternal(API, SNI), OTHER)).isTrue();
  }

  @Test
  void aMoreSpecificTargetWinsOverTheMesh() {
    Permissions permissions =
        permissions(
            from(
                    "z",
                    "MeshSubset, tags: {kuma.io/service: api}",
                    "{targetRef: {kind: MeshSubset, tags: {kuma.io/service: shop}}, default:"
                        + " {action: Allow}}")
                + from("a", "Mesh", "{targetRef: {kind: Mesh}, default: {action: Deny}}"));
    assertThat(allows(permissions.ofExternal(API, SNI), SHOP)).isTrue();
    assertThat(allows(permissions.ofExternal(API, SNI), OTHER)).isFalse();
    assertThat(allows(permissions.ofExternal(Map.of("kuma.io/service", "db"), SNI), SHOP))
        .isFalse();
  }

  @Test
  void aShadowedDenialLetsPassAndIsCounted() {
    Permissions permissions =
        permissions(
            from("a", "Mesh", "{targetRef: {kind: Mesh}, default: {action: AllowWithShadowDeny}}"));
    RbacStats stats = new RbacStats();
    RbacSpec spec = permissions.ofExternal(API, SNI);
    assertThat(Rbac.of(spec).decide(subject(SHOP), stats).allowed()).isTrue();
    assertThat(stats.shadowDenied.sum()).isEqualTo(1);
  }

  @Test
  void whoDeniesIsNamed() {
    Permissions permissions =
        permissions(
            rules("open", "allow: [{spiffeID: {type: Prefix, value: 'spiffe://default/'}}]")
                + rules(
                    "no-shop",
                    "deny: [{spiffeID: {type: Exact, value: %s}}]".formatted(SHOP.get(0))));
    RbacSpec spec = permissions.ofExternal(API, SNI);
    assertThat(decision(spec, SHOP)).isEqualTo(new Rbac.Decision(false, "no-shop"));
    assertThat(allows(spec, OTHER)).isTrue();
    assertThat(decision(spec, OTHER)).isEqualTo(new Rbac.Decision(true, "open"));
  }

  @Test
  void ofEntriesThatDenyTheOneThatDecidesIsNamed() {
    Permissions permissions =
        permissions(
            from(
                    "b-nobody",
                    "Mesh",
                    "{targetRef: {kind: Mesh}, default: {action: Deny}}",
                    "{targetRef: {kind: MeshService, name: other}, default: {action: Allow}}")
                + from(
                    "a-no-shop",
                    "Mesh",
                    "{targetRef: {kind: MeshService, name: shop}, default: {action: Deny}}"));
    RbacSpec spec = permissions.ofExternal(API, SNI);
    assertThat(decision(spec, SHOP)).isEqualTo(new Rbac.Decision(false, "a-no-shop"));
    assertThat(decision(spec, List.of("spiffe://default/third")))
        .isEqualTo(new Rbac.Decision(false, "b-nobody"));
    assertThat(allows(spec, OTHER)).isTrue();
  }

  @Test
  void anEntryThatDeniesLeavesOpenWhatARuleAllows() {
    Permissions permissions =
        permissions(
            from("a", "Mesh", "{targetRef: {kind: Mesh}, default: {action: Deny}}")
                + rules("b", "allow: [{spiffeID: {type: Prefix, value: 'spiffe://default/sh'}}]"));
    RbacSpec spec = permissions.ofExternal(API, SNI);
    assertThat(allows(spec, SHOP)).isTrue();
    assertThat(decision(spec, OTHER)).isEqualTo(new Rbac.Decision(false, "a"));
  }

  @Test
  void aRuleThatDeniesWinsOverEveryOther() {
    Permissions permissions =
        permissions(
            from("a", "Mesh", "{targetRef: {kind: Mesh}, default: {action: Allow}}")
                + rules("b", "deny: [{spiffeID: {type: Prefix, value: 'spiffe://default/sh'}}]"));
    for (RbacSpec spec :
        List.of(permissions.ofExternal(API, SNI), permissions.ofMeshExternal(SNI))) {
      assertThat(allows(spec, SHOP)).isFalse();
      assertThat(allows(spec, OTHER)).isTrue();
    }
  }

  /** Every three entries about two callers and everybody, beside every rule about one of them. */
  @Test
  void whoeverIsDeniedByARuleOrByTheLastEntryThatFitsNeverPasses() {
    List<String> entries =
        List.of("Mesh: Allow", "Mesh: Deny", "shop: Allow", "shop: Deny", "other: Deny");
    for (String rule : List.of("", "allow", "deny", "allowWithShadowDeny")) {
      for (String first : entries) {
        for (String second : entries) {
          for (String third : entries) {
            sameAsByTheWords(rule, List.of(first, second, third));
          }
        }
      }
    }
  }

  /**
   * As the documentation has it, straight ahead.
   *
   * @param rule what one about the shop does; "" = there is none
   * @param entries of a policy about the mesh, of one about the service, and again of that
   */
  private static void sameAsByTheWords(String rule, List<String> entries) {
    Permissions permissions =
        permissions(
            from("a-mesh", "Mesh", entry(entries.get(0)))
                + from(
                    "a-service",
                    "MeshSubset, tags: {kuma.io/service: api}",
                    entry(entries.get(1)),
                    entry(entries.get(2)))
                + (rule.isEmpty()
                    ? ""
                    : rules(
                        "z-rule",
                        "%s: [{spiffeID: {type: Exact, value: %s}}]"
                            .formatted(rule, SHOP.get(0)))));
    RbacSpec spec = permissions.ofExternal(API, SNI);
    for (String caller : List.of("shop", "other", "third")) {
      Optional<String> last =
          entries.stream()
              .filter(each -> each.startsWith("Mesh:") || each.startsWith(caller + ":"))
              .reduce((before, after) -> after);
      boolean byRule = caller.equals("shop") && rule.startsWith("allow");
      boolean denied = caller.equals("shop") && rule.equals("deny");
      boolean byEntry = last.filter(each -> each.endsWith(" Allow")).isPresent();
      assertThat(allows(spec, List.of("spiffe://default/" + caller)))
          .as("%s with %s and rule %s", caller, entries, rule)
          .isEqualTo(!denied && (byRule || byEntry));
    }
  }

  /** Of "who: action". */
  private static String entry(String text) {
    String[] parts = text.split(": ", 2);
    String target = parts[0].equals("Mesh") ? "Mesh" : "MeshService, name: " + parts[0];
    return "{targetRef: {kind: %s}, default: {action: %s}}".formatted(target, parts[1]);
  }

  @Test
  void aCallerIsCountedOnceHoweverManyPoliciesThereAre() {
    Permissions permissions =
        permissions(
            from("a", "Mesh", entry("Mesh: Allow"), entry("other: Deny"))
                + rules("b", "deny: [{spiffeID: {type: Exact, value: 'spiffe://default/x'}}]"));
    RbacStats stats = new RbacStats();
    Rbac rbac = Rbac.of(permissions.ofExternal(API, SNI));
    rbac.decide(subject(SHOP), stats);
    assertThat(stats.allowed.sum()).isOne();
    rbac.decide(subject(OTHER), stats);
    assertThat(stats.allowed.sum()).isOne();
    assertThat(stats.denied.sum()).isOne();
  }

  @Test
  void aLaterEntryEndsATrial() {
    Permissions permissions =
        permissions(from("a", "Mesh", entry("Mesh: AllowWithShadowDeny"), entry("shop: Allow")));
    RbacStats stats = new RbacStats();
    Rbac rbac = Rbac.of(permissions.ofExternal(API, SNI));
    assertThat(rbac.decide(subject(SHOP), stats)).isEqualTo(new Rbac.Decision(true, "a"));
    assertThat(stats.shadowDenied.sum()).isZero();
    assertThat(rbac.decide(subject(OTHER), stats)).isEqualTo(new Rbac.Decision(true, "a"));
    assertThat(stats.shadowDenied.sum()).isOne();
    assertThat(stats.shadowAllowed.sum()).isOne();
  }

  @Test
  void whoIsNotKnownPassesByNoEntryAboutAService() {
    RbacSpec spec =
        permissions(from("a", "Mesh", entry("shop: Allow"), entry("other: Deny")))
            .ofExternal(API, SNI);
    assertThat(allows(spec, List.of())).isFalse();
    assertThat(Rbac.of(spec).decide(Subject.unknown(null, SNI, 10002), new RbacStats()))
        .isEqualTo(new Rbac.Decision(false, ""));
  }

  @Test
  void aRuleForAServerNameIsForItsChainOnly() {
    Permissions permissions =
        permissions(
            rules("b", "allow: [{sni: {type: Exact, value: 'api{mesh=default}'}}]"),
            "routing: {defaultForbidMeshExternalServiceAccess: true}");
    assertThat(allows(permissions.ofMeshExternal(SNI), SHOP)).isTrue();
    assertThat(allows(permissions.ofMeshExternal("another"), SHOP)).isFalse();
  }

  @Test
  void ofTheOlderPermissionsTheMostSpecificDestinationCounts() {
    Permissions permissions =
        permissions(older("all", "'*'", "'*'") + older("api", "shop", "api, version: v1"));
    assertThat(allows(permissions.ofExternal(API, SNI), SHOP)).isTrue();
    assertThat(allows(permissions.ofExternal(API, SNI), OTHER)).isFalse();
    assertThat(allows(permissions.ofExternal(Map.of("kuma.io/service", "db"), SNI), OTHER))
        .isTrue();
  }

  @Test
  void anOlderPermissionIsNotLookedAtBesideANewerOne() {
    Permissions permissions =
        permissions(
            older("all", "'*'", "'*'")
                + from(
                    "a",
                    "Mesh",
                    "{targetRef: {kind: MeshService, name: shop}, default: {action: Allow}}"));
    assertThat(allows(permissions.ofExternal(API, SNI), OTHER)).isFalse();
  }

  private static String from(String name, String target, String... entries) {
    return """
    ---
    type: MeshTrafficPermission
    mesh: default
    name: %s
    spec:
      targetRef: {kind: %s}
      from: [%s]
    """
        .formatted(name, target, String.join(", ", entries));
  }

  private static String rules(String name, String lists) {
    return """
    ---
    type: MeshTrafficPermission
    mesh: default
    name: %s
    spec: {rules: [{default: {%s}}]}
    """
        .formatted(name, lists);
  }

  private static String older(String name, String source, String destination) {
    return """
    ---
    type: TrafficPermission
    mesh: default
    name: %s
    sources: [{match: {kuma.io/service: %s}}]
    destinations: [{match: {kuma.io/service: %s}}]
    """
        .formatted(name, source, destination);
  }

  private static Permissions permissions(String policies) {
    return permissions(policies, "");
  }

  private static Permissions permissions(String policies, String routing) {
    String mesh =
        "type: Mesh\nname: default\nmtls: {enabledBackend: a, backends: [{name: a, type:"
            + " builtin}]}\n";
    ReadFile read =
        new ResourceReader(ResourceReader.Use.FOLDER)
            .read("f.yaml", mesh + routing + "\n" + policies);
    assertThat(read.problems()).isEmpty();
    Resources resources = new Resources(read.resources());
    Mesh known = resources.mesh("default").orElseThrow();
    return Permissions.ofZone(known, resources);
  }

  private static boolean allows(RbacSpec spec, List<String> uris) {
    return decision(spec, uris).allowed();
  }

  private static Rbac.Decision decision(RbacSpec spec, List<String> uris) {
    return Rbac.of(spec).decide(subject(uris), new RbacStats());
  }

  private static Subject subject(List<String> uris) {
    return new Subject(null, SNI, 10002, new Subject.Identity(uris, List.of(), ""));
  }
}
