package io.zoneproxy.core.relay.epoll;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PumpBenchmarkTest {
  private static final int[] SIZES = {1, 1024, 16 * 1024, 1024 * 1024};

  @ParameterizedTest
  @EnumSource
  void bringsEveryByteByEachWay(PumpBenchmark.Way way) throws IOException {
    for (int bytes : SIZES) {
      PumpBenchmark benchmark = new PumpBenchmark();
      benchmark.bytes = bytes;
      benchmark.way = way;
      benchmark.connect();
      for (int i = 0; i < 20; i++) { // long enough to have chosen the other way
        assertThat(benchmark.transfer()).isEqualTo(bytes);
      }
      benchmark.close();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1024, 1024 * 1024})
  void bringsEveryByteWithoutAProxy(int bytes) throws IOException {
    DirectBenchmark benchmark = new DirectBenchmark();
    benchmark.bytes = bytes;
    benchmark.connect();
    assertThat(benchmark.transfer()).isEqualTo(bytes);
    benchmark.close();
  }

  @Test
  void borrowsAPipeAndSeesAnEvent() throws IOException {
    LoopBenchmark benchmark = new LoopBenchmark();
    benchmark.connect();
    assertThat(benchmark.pipe()).isPositive();
    assertThat(benchmark.event()).isEqualTo(1);
    assertThat(benchmark.withoutEvent()).isEqualTo(1);
    benchmark.close();
  }
}
