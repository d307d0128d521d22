package io.zoneproxy.cp.ads;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.cp.resource.ResourceType;
import org.junit.jupiter.api.Test;

final class RefusalLogTest {
  private final RefusalLog refusals = new RefusalLog();

  @Test
  void saysARefusalOnceAlsoWhenTwoTypesTakeTurns() {
    assertThat(refusals.isNews(ResourceType.CLUSTER, "bad")).isTrue();
    assertThat(refusals.isNews(ResourceType.LISTENER, "worse")).isTrue();
    assertThat(refusals.isNews(ResourceType.CLUSTER, "bad")).isFalse();
    assertThat(refusals.isNews(ResourceType.LISTENER, "worse")).isFalse();
    assertThat(refusals.isNews(ResourceType.CLUSTER, "other")).isTrue();
  }

  @Test
  void saysARefusalAgainOnceAllWasWellInBetween() {
    assertThat(refusals.isNews(ResourceType.CLUSTER, "bad")).isTrue();
    assertThat(refusals.isNews(ResourceType.LISTENER, "")).isFalse();
    assertThat(refusals.isNews(ResourceType.CLUSTER, "bad")).isFalse();
    assertThat(refusals.isNews(ResourceType.CLUSTER, "")).isFalse();
    assertThat(refusals.isNews(ResourceType.CLUSTER, "bad")).isTrue();
  }
}
