package io.zoneproxy.ingress.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.resource.Worlds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class TagCombinationsTest {
  @Test
  void everySubsetOfOneEndpointsTagsIsAName() {
    TagCombinations combinations =
        of(Worlds.tags("kuma.io/service", "backend", "version", "v1", "region", "eu"));
    assertThat(combinations.subsets())
        .containsOnly(
            Map.entry("backend{mesh=default}", Map.of()),
            Map.entry("backend{mesh=default,version=v1}", Map.of("version", "v1")),
            Map.entry("backend{mesh=default,region=eu}", Map.of("region", "eu")),
            Map.entry(
                "backend{mesh=default,region=eu,version=v1}",
                Map.of("region", "eu", "version", "v1")));
    assertThat(combinations.leftOut()).isZero();
    assertThat(combinations.ambiguous()).isEmpty();
  }

  @Test
  void aCombinationThatNoEndpointCarriesIsNoName() {
    assertThat(
            of(
                    Worlds.tags("version", "v1", "region", "us"),
                    Worlds.tags("version", "v2", "region", "eu"))
                .subsets())
        .containsKey("backend{mesh=default,region=eu,version=v2}")
        .doesNotContainKey("backend{mesh=default,region=us,version=v2}")
        .hasSize(7);
  }

  @Test
  void theMeshStandsWhereItsKeySorts() {
    assertThat(of(Worlds.tags("a", "1", "z", "2", "meshy", "3", "mes", "4")).subsets())
        .containsKeys(
            "backend{a=1,mes=4,mesh=default,meshy=3,z=2}",
            "backend{a=1,mesh=default}",
            "backend{mesh=default,z=2}",
            "backend{mes=4,mesh=default}")
        .hasSize(16);
  }

  @Test
  void namesAgreeWithTheTagForm() {
    Map<String, String> tags = Worlds.tags("a", "1", "kuma.io/zone", "East", "mz", "3", "Z", "4");
    of(tags)
        .subsets()
        .forEach(
            (name, subset) ->
                assertThat(name).isEqualTo(ServerNames.ofTags("backend", "default", subset)));
  }

  @Test
  void aTagNamedMeshIsTheMesh() {
    assertThat(of(Worlds.tags("mesh", "other")).subsets())
        .containsOnly(Map.entry("backend{mesh=default}", Map.of()));
  }

  @Test
  void aServiceWithoutTagsHasOneName() {
    assertThat(of(Map.of()).subsets()).containsOnlyKeys("backend{mesh=default}");
  }

  @Test
  void valuesThatDifferInCaseOnlyAreTold() {
    TagCombinations combinations = of(Map.of("version", "V1"), Map.of("version", "v1"));
    assertThat(combinations.subsets())
        .containsEntry("backend{mesh=default,version=v1}", Map.of("version", "V1"))
        .hasSize(2);
    assertThat(combinations.ambiguous()).isEqualTo("backend{mesh=default,version=v1}");
  }

  @Test
  void twelveTagsAreNotCut() {
    TagCombinations combinations = of(manyTags(12));
    assertThat(combinations.subsets()).hasSize(TagCombinations.MAX_NAMES);
    assertThat(combinations.leftOut()).isZero();
  }

  @Test
  void beyondTheBoundSmallCombinationsStayAndTheRestIsCounted() {
    TagCombinations combinations = of(manyTags(20));
    assertThat(combinations.subsets()).hasSize(TagCombinations.MAX_NAMES);
    assertThat(combinations.leftOut()).isEqualTo((1 << 20) - TagCombinations.MAX_NAMES);
    // 1 + 20 + 190 + 1140 names have up to three tags; the fourth size is begun
    assertThat(combinations.subsets().values().stream().filter(subset -> subset.size() <= 3))
        .hasSize(1351);
    assertThat(combinations.subsets().values()).allMatch(subset -> subset.size() <= 4);
  }

  @Test
  void hundredsOfTagsAreCutWithoutBeingEnumerated() {
    TagCombinations combinations =
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> of(manyTags(300)));
    assertThat(combinations.subsets()).hasSize(TagCombinations.MAX_NAMES);
    assertThat(combinations.leftOut()).isEqualTo(Long.MAX_VALUE - TagCombinations.MAX_NAMES);
  }

  @Test
  void endpointsThatShareTagsGiveEachNameOnce() {
    List<Map<String, String>> tags = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      tags.add(Worlds.tags("version", "v" + i % 2, "kuma.io/zone", "east"));
    }
    TagCombinations combinations = TagCombinations.of("backend", "default", tags);
    assertThat(combinations.subsets()).hasSize(6);
    assertThat(combinations.leftOut()).isZero();
  }

  private static TagCombinations of(Map<String, String> tags) {
    return TagCombinations.of("backend", "default", List.of(tags));
  }

  private static TagCombinations of(Map<String, String> first, Map<String, String> second) {
    return TagCombinations.of("backend", "default", List.of(first, second));
  }

  private static Map<String, String> manyTags(int count) {
    Map<String, String> tags = new HashMap<>();
    for (int i = 0; i < count; i++) {
      tags.put("tag" + i, "value");
    }
    return tags;
  }
}
