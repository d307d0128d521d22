package io.zoneproxy.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShardedMapTest {
  @Test
  void holdsWhatAMapHoldsThroughAnyChanges() {
    Random random = new Random(7);
    Map<String, Integer> expected = new HashMap<>();
    ShardedMap<Integer> map = ShardedMap.copyOf(Map.of());
    for (int round = 0; round < 200; round++) {
      Map<String, Integer> put = new HashMap<>();
      Set<String> removed = new HashSet<>();
      for (int i = 0; i < 40; i++) {
        put.put("cluster-" + random.nextInt(3000), random.nextInt());
        removed.add("cluster-" + random.nextInt(3000));
      }
      map = map.with(put, removed);
      expected.keySet().removeAll(removed);
      expected.putAll(put);
      assertThat(map).isEqualTo(expected).hasSize(expected.size());
    }
    assertThat(map.get("cluster-x")).isNull();
  }

  @Test
  void tellsWhatDiffersAndNothingElse() {
    Map<String, String> many = new HashMap<>();
    for (int i = 0; i < 5000; i++) {
      many.put("n" + i, "v");
    }
    ShardedMap<String> before = ShardedMap.copyOf(many);
    ShardedMap<String> after = before.with(Map.of("n1", "w", "new", "x"), List.of("n2"));
    Set<String> told = new HashSet<>();
    before.compare(after, (name, old, now) -> told.add(name + " " + old + " " + now));
    assertThat(told).containsExactlyInAnyOrder("n1 v w", "new null x", "n2 v null");
    assertThat(before.missingIn(after)).containsExactly("n2");
    assertThat(before).isEqualTo(many);
  }

  @Test
  void comparesMapsOfDifferentSizes() {
    Map<String, String> many = new HashMap<>();
    for (int i = 0; i < 5000; i++) {
      many.put("n" + i, "v");
    }
    ShardedMap<String> small = ShardedMap.copyOf(Map.of("n1", "v", "other", "v"));
    Set<String> added = new HashSet<>();
    small.compare(
        ShardedMap.copyOf(many),
        (name, old, now) -> {
          if (old == null) {
            added.add(name);
          }
        });
    assertThat(added).hasSize(4999);
    assertThat(small.missingIn(ShardedMap.copyOf(many))).containsExactly("other");
  }
}
