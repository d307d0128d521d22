package io.zoneproxy.core.admin.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ServerInfoTest {
  @Test
  void uptimeCountsFromTheStart() {
    ServerInfo info = new ServerInfo("1", 1, Instant.now().minusSeconds(10));

    assertThat(info.uptime()).isGreaterThanOrEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void uptimeIsNotNegativeWhenTheClockWasSetBack() {
    ServerInfo info = new ServerInfo("1", 1, Instant.now().plusSeconds(3600));

    assertThat(info.uptime()).isZero();
  }
}
