package io.zoneproxy.core.model.http;

import java.util.List;
import java.util.Optional;

/**
 * Spans of requests.
 *
 * @param provider who collects them
 * @param tags on every span
 * @param clientPercent of those who ask for it; 100 when nothing is said, as the others
 * @param randomPercent of all
 * @param overallPercent of what the other two chose
 */
public record TracingSpec(
    Provider provider,
    List<Tag> tags,
    double clientPercent,
    double randomPercent,
    double overallPercent) {
  public TracingSpec {
    tags = List.copyOf(tags);
  }

  /**
   * A tag.
   *
   * @param header whose value it has; empty = it is literal
   * @param value literal, or the default when the header is not there
   */
  public record Tag(String name, Optional<String> header, String value) {}

  /** Who collects spans. */
  public sealed interface Provider {}

  /**
   * Zipkin.
   *
   * @param endpoint path
   * @param host "" = the cluster's name
   */
  public record Zipkin(
      String cluster, String endpoint, String host, boolean traceId128Bit, boolean sharedSpan)
      implements Provider {}

  /** Datadog. */
  public record Datadog(String cluster, String service) implements Provider {}

  /** OpenTelemetry over gRPC. */
  public record OpenTelemetry(String cluster, String service) implements Provider {}
}
