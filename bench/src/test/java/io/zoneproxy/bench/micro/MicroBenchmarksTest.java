package io.zoneproxy.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.relay.Peek;
import io.zoneproxy.core.route.FilterChain;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every benchmark does what it says, once; a figure of a mistake would look as good as any. */
final class MicroBenchmarksTest {
  @ParameterizedTest
  @EnumSource
  void parsesEachShapeToItsOutcome(HelloBenchmark.Shape shape) {
    HelloBenchmark benchmark = new HelloBenchmark();
    benchmark.shape = shape;
    benchmark.write();
    for (int i = 0; i < 2; i++) { // the bytes are there for the next parser, too
      assertThat(benchmark.parse())
          .isEqualTo(
              shape.outcome == Peek.Outcome.COMPLETE
                  ? "service-012345{mesh=default}"
                  : shape.outcome);
    }
    benchmark.release();
  }

  @ParameterizedTest
  @EnumSource
  void findsWhatItLooksFor(TableBenchmark.Asked asked) {
    TableBenchmark benchmark = new TableBenchmark();
    benchmark.routes = 10;
    benchmark.asked = asked;
    benchmark.build();
    for (int i = 0; i < 11; i++) { // once around
      assertThat(benchmark.exactHashed()).isInstanceOf(FilterChain.Passthrough.class);
      assertThat(benchmark.exactFromBytes().name()).endsWith("{mesh=default}");
      assertThat(benchmark.suffixFromBytes().name()).startsWith("*.service-");
      assertThat(benchmark.missFromBytes())
          .isEqualTo(new FilterChain.Refuse("", CloseReason.NO_ROUTE));
    }
    assertThat(benchmark.namesFromBytes()).isNotZero();
  }

  @Test
  void appliesAWholeAndOneChange() {
    SnapshotBenchmark benchmark = new SnapshotBenchmark();
    benchmark.routes = 10;
    benchmark.model();
    assertThat(benchmark.snapshot().clusters()).hasSize(10);
    assertThat(benchmark.table().isEmpty()).isFalse();
    SnapshotBenchmark.Fresh fresh = new SnapshotBenchmark.Fresh();
    fresh.start();
    benchmark.firstApply(fresh);
    fresh.stop();
    SnapshotBenchmark.Lasting lasting = new SnapshotBenchmark.Lasting();
    lasting.start();
    benchmark.applyOneChange(lasting);
    benchmark.applyOneChange(lasting);
    lasting.stop();
  }

  @Test
  void changesOneEndpointOfOneCluster() {
    Routes before = Routes.exact(10);
    Routes after = before.withOneEndpointMoved();
    assertThat(after.snapshot()).isNotEqualTo(before.snapshot());
    assertThat(after.clusters().values())
        .filteredOn(cluster -> !before.clusters().containsValue(cluster))
        .hasSize(1);
  }

  @Test
  void givesEachNameOnceARoundTheSameByBothWays() {
    List<String> names = List.of("a", "bc", "def");
    Names hashed = new Names(names);
    Names fresh = new Names(names);
    for (int i = 0; i < 3; i++) {
      assertThat(fresh.fromBytes()).isEqualTo(hashed.hashed()).isIn(names);
    }
    assertThat(List.of(hashed.hashed(), hashed.hashed(), hashed.hashed()))
        .containsExactlyInAnyOrderElementsOf(names);
  }
}
