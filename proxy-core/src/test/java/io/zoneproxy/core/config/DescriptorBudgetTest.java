package io.zoneproxy.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DescriptorBudgetTest {
  @ParameterizedTest
  @CsvSource({"1024, 320, 64", "20000, 8622, 1250", "200, 1, 12", "1, 1, 0"})
  void sharesOutWhatThereIs(long descriptors, int connections, long pipes) {
    DescriptorBudget budget = new DescriptorBudget(descriptors);
    assertThat(budget.connections()).isEqualTo(connections);
    assertThat(budget.pipes()).isEqualTo(pipes);
  }

  @Test
  void neverGivesAwayMoreThanThereIs() {
    for (long descriptors = 260; descriptors < 5000; descriptors += 7) {
      DescriptorBudget budget = new DescriptorBudget(descriptors);
      assertThat(2L * budget.connections() + 2 * budget.pipes()).isLessThan(descriptors);
    }
  }

  @Test
  void takesAnIntOfConnectionsAtMost() {
    assertThat(new DescriptorBudget(Long.MAX_VALUE).connections()).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void readsTheLimitOfTheProcess() {
    assertThat(DescriptorBudget.ofProcess().descriptors()).isPositive();
  }
}
