package io.zoneproxy.core.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.concurrent.ImmediateEventExecutor;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.Specs;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.upstream.Cluster;
import io.zoneproxy.core.upstream.NameTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SniTableTest {
  /** The longest name that the peek lets through. */
  private static final int LONGEST = 1024;

  private final NameTable names =
      new NameTable(name -> ImmediateEventExecutor.INSTANCE.newSucceededFuture(List.of()));
  private final Map<String, Cluster> clusters = new HashMap<>();

  private Cluster find(String name) {
    return clusters.computeIfAbsent(name, n -> new Cluster(Specs.cluster(n), names));
  }

  private SniTable table(String... serverNames) {
    return SniTable.of(
        Stream.of(serverNames).map(name -> Specs.chain(name, "to:" + name)).toList(), this::find);
  }

  /** The cluster that the match leads to. */
  private static String cluster(SniTable table, String serverName) {
    assertThat(table.match(serverName)).isInstanceOf(FilterChain.Passthrough.class);
    return ((FilterChain.Passthrough) table.match(serverName))
        .upstreams()
        .choose()
        .cluster()
        .name();
  }

  private static CloseReason refusal(SniTable table, String serverName) {
    assertThat(table.match(serverName)).isInstanceOf(FilterChain.Refuse.class);
    return ((FilterChain.Refuse) table.match(serverName)).reason();
  }

  @Test
  void takesTheExactNameBeforeAnySuffixAndTheFallback() {
    SniTable table = table("", "*.mesh.local", "a.mesh.local", "*.a.mesh.local");
    assertThat(cluster(table, "a.mesh.local")).isEqualTo("to:a.mesh.local");
  }

  @Test
  void takesTheLongestSuffixAtAnyDepth() {
    SniTable table = table("*.local", "*.mesh.local", "*.a.mesh.local");
    assertThat(cluster(table, "x.local")).isEqualTo("to:*.local");
    assertThat(cluster(table, "x.mesh.local")).isEqualTo("to:*.mesh.local");
    assertThat(cluster(table, "x.y.z.mesh.local")).isEqualTo("to:*.mesh.local");
    assertThat(cluster(table, "x.a.mesh.local")).isEqualTo("to:*.a.mesh.local");
    assertThat(cluster(table, "x.aa.mesh.local")).isEqualTo("to:*.mesh.local");
  }

  @Test
  void doesNotCountTheSuffixItselfAsOneOfItsNames() {
    SniTable table = table("*.mesh.local");
    assertThat(refusal(table, "mesh.local")).isEqualTo(CloseReason.NO_ROUTE);
    assertThat(refusal(table, "xmesh.local")).isEqualTo(CloseReason.NO_ROUTE);
    assertThat(refusal(table, "x.mesh.local.")).isEqualTo(CloseReason.NO_ROUTE);
  }

  @Test
  void takesTheFallbackWhenNothingElseFitsAndForAClientWithoutAName() {
    SniTable table = table("", "a");
    assertThat(cluster(table, "b")).isEqualTo("to:");
    assertThat(cluster(table, "")).isEqualTo("to:");
    assertThat(table.match("b").name()).isEmpty();
  }

  @Test
  void refusesAnUnknownNameAndNoNameForReasonsOfTheirOwn() {
    assertThat(refusal(table("a"), "b")).isEqualTo(CloseReason.NO_ROUTE);
    assertThat(refusal(table("a"), "")).isEqualTo(CloseReason.NO_SNI);
    assertThat(refusal(SniTable.EMPTY, "b")).isEqualTo(CloseReason.NO_ROUTE);
    assertThat(refusal(SniTable.EMPTY, "")).isEqualTo(CloseReason.NO_SNI);
  }

  @Test
  void saysWhetherThereIsAnyChain() {
    assertThat(SniTable.EMPTY.isEmpty()).isTrue();
    assertThat(table().isEmpty()).isTrue();
    assertThat(table("").isEmpty()).isFalse();
    assertThat(table("*.a").isEmpty()).isFalse();
  }

  @Test
  void foldsTheCaseOfConfiguredNames() {
    SniTable table = table("Backend{Mesh=Default}", "*.MESH.local");
    assertThat(cluster(table, "backend{mesh=default}")).isEqualTo("to:Backend{Mesh=Default}");
    assertThat(cluster(table, "x.mesh.local")).isEqualTo("to:*.MESH.local");
    assertThat(table.match("backend{mesh=default}").name()).isEqualTo("backend{mesh=default}");
  }

  @Test
  void foldsTheSameInATurkishLocale() {
    Locale before = Locale.getDefault();
    Locale.setDefault(new Locale("tr", "TR")); // there, "I" in lower case is a dotless i
    try {
      SniTable table = table("INGRESS.MAIN");
      assertThat(cluster(table, "ingress.main")).isEqualTo("to:INGRESS.MAIN");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void foldsNothingButAsciiLetters() {
    assertThat(SniTable.lowerCase("AZaz09@[`{-_=,:")).isEqualTo("azaz09@[`{-_=,:");
    assertThat(SniTable.lowerCase("\u00c4\u0130\u212a")).isEqualTo("\u00c4\u0130\u212a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".",
        "...",
        ".a",
        "a.",
        "a..b",
        "backend{mesh=default,version=v1.2}",
        "{",
        "10.0.0.1",
        "[::1]",
        "a8c.svc.80.default.ms",
        "*",
        "a*.b"
      })
  void takesAnyNameAsItStands(String name) {
    SniTable table = table(name);
    assertThat(cluster(table, name)).isEqualTo("to:" + name);
    assertThat(refusal(table, name + "x")).isEqualTo(CloseReason.NO_ROUTE);
    assertThat(refusal(table, "x" + name)).isEqualTo(CloseReason.NO_ROUTE);
  }

  @Test
  void aStarAloneIsNoWildcardOfEverything() {
    assertThat(refusal(table("*"), "a")).isEqualTo(CloseReason.NO_ROUTE);
  }

  @Test
  void aSuffixOfADotAloneTakesNamesThatEndWithADot() {
    SniTable table = table("*.");
    assertThat(cluster(table, "a.")).isEqualTo("to:*.");
    assertThat(cluster(table, "...")).isEqualTo("to:*.");
    assertThat(refusal(table, "a.b")).isEqualTo(CloseReason.NO_ROUTE);
  }

  @Test
  void findsALongestNameAndASuffixBehindDotsOnly() {
    String dots = ".".repeat(LONGEST - 2);
    SniTable table = table("a".repeat(LONGEST), "*.b");
    assertThat(cluster(table, "a".repeat(LONGEST))).isEqualTo("to:" + "a".repeat(LONGEST));
    assertThat(refusal(table, "a".repeat(LONGEST - 1))).isEqualTo(CloseReason.NO_ROUTE);
    assertThat(cluster(table, dots + ".b")).isEqualTo("to:*.b");
    assertThat(refusal(table, dots + "..")).isEqualTo(CloseReason.NO_ROUTE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "*.a"})
  void refusesTwoChainsOfOneName(String name) {
    List<ChainSpec> twice = List.of(Specs.chain(name, "one"), Specs.chain(name, "two"));
    assertThatThrownBy(() -> SniTable.of(twice, this::find))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("server name " + name + ": two chains take it");
  }

  @Test
  void refusesTwoNamesThatDifferInCaseOnly() {
    assertThatThrownBy(() -> table("a.B", "A.b")).hasMessageContaining("a.b");
  }

  @Test
  void holdsAnExactNameAndItsWildcardApart() {
    SniTable table = table("*.a", ".a");
    assertThat(cluster(table, ".a")).isEqualTo("to:.a");
    assertThat(cluster(table, "x.a")).isEqualTo("to:*.a");
  }

  @Test
  void gathersChainsOfOneSubsetInOnePicker() {
    Map<String, String> east = Map.of("zone", "east");
    SniTable table =
        SniTable.of(
            List.of(
                ChainSpec.passthrough("a", "c", east),
                ChainSpec.passthrough("b", "c", east),
                Specs.chain("c", "c")),
            this::find);
    FilterChain.Passthrough a = (FilterChain.Passthrough) table.match("a");
    FilterChain.Passthrough b = (FilterChain.Passthrough) table.match("b");
    FilterChain.Passthrough whole = (FilterChain.Passthrough) table.match("c");
    assertThat(a.upstreams()).isSameAs(b.upstreams()).isNotSameAs(whole.upstreams());
  }

  @Test
  void holdsAHundredThousandNames() {
    List<ChainSpec> chains = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      String name = (i % 2 == 0 ? "" : "*.") + "service-" + i + "{mesh=default}";
      chains.add(Specs.chain(name, "cluster-" + i % 7));
    }
    SniTable table = SniTable.of(chains, this::find);
    for (int i = 0; i < 100_000; i++) {
      String name = (i % 2 == 0 ? "" : "pod.") + "service-" + i + "{mesh=default}";
      assertThat(cluster(table, name)).isEqualTo("cluster-" + i % 7);
    }
    assertThat(refusal(table, "service-1{mesh=default}")).isEqualTo(CloseReason.NO_ROUTE);
  }
}
