package io.zoneproxy.cp.translate.http;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.trace.v3.DatadogConfig;
import io.envoyproxy.envoy.config.trace.v3.OpenTelemetryConfig;
import io.envoyproxy.envoy.config.trace.v3.ZipkinConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.type.tracing.v3.CustomTag;
import io.envoyproxy.envoy.type.v3.Percent;
import io.zoneproxy.core.model.http.TracingSpec;
import io.zoneproxy.core.model.http.TracingSpec.Tag;
import io.zoneproxy.cp.translate.value.Problems;
import io.zoneproxy.cp.translate.value.Typed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Spans of requests. */
final class Tracing {
  private static final double ALL = 100; // percent, when nothing is said

  private Tracing() {}

  static Optional<TracingSpec> of(HttpConnectionManager.Tracing from, Problems problems) {
    if (!from.hasProvider()) {
      problems.at("provider").add("none", "zipkin, datadog or opentelemetry");
      return Optional.empty();
    }
    List<Tag> tags = new ArrayList<>(from.getCustomTagsCount());
    for (int i = 0; i < from.getCustomTagsCount(); i++) {
      tag(from.getCustomTags(i), problems.at("custom_tags", i)).ifPresent(tags::add);
    }
    Problems at = problems.at("provider").at("typed_config");
    return provider(from.getProvider().getTypedConfig(), at)
        .map(
            provider ->
                new TracingSpec(
                    provider,
                    tags,
                    percent(from.hasClientSampling(), from.getClientSampling()),
                    percent(from.hasRandomSampling(), from.getRandomSampling()),
                    percent(from.hasOverallSampling(), from.getOverallSampling())));
  }

  private static double percent(boolean present, Percent from) {
    return present ? from.getValue() : ALL;
  }

  private static Optional<Tag> tag(CustomTag from, Problems problems) {
    return switch (from.getTypeCase()) {
      case LITERAL ->
          Optional.of(new Tag(from.getTag(), Optional.empty(), from.getLiteral().getValue()));
      case REQUEST_HEADER ->
          Optional.of(
              new Tag(
                  from.getTag(),
                  Optional.of(from.getRequestHeader().getName()),
                  from.getRequestHeader().getDefaultValue()));
      default -> {
        problems.add(from.getTypeCase(), "literal or request_header");
        yield Optional.empty();
      }
    };
  }

  private static Optional<TracingSpec.Provider> provider(Any from, Problems problems) {
    if (Typed.is(from, ZipkinConfig.getDescriptor())) {
      return Typed.read(from, ZipkinConfig.getDescriptor(), ZipkinConfig.parser(), problems)
          .map(zipkin -> zipkin(zipkin, problems));
    }
    if (Typed.is(from, DatadogConfig.getDescriptor())) {
      return Typed.read(from, DatadogConfig.getDescriptor(), DatadogConfig.parser(), problems)
          .map(
              datadog ->
                  new TracingSpec.Datadog(
                      cluster(datadog.getCollectorCluster(), problems.at("collector_cluster")),
                      datadog.getServiceName()));
    }
    if (Typed.is(from, OpenTelemetryConfig.getDescriptor())) {
      return Typed.read(
              from, OpenTelemetryConfig.getDescriptor(), OpenTelemetryConfig.parser(), problems)
          .map(
              otel ->
                  new TracingSpec.OpenTelemetry(
                      cluster(
                          otel.getGrpcService().getEnvoyGrpc().getClusterName(),
                          problems.at("grpc_service").at("envoy_grpc").at("cluster_name")),
                      otel.getServiceName()));
    }
    problems.add(Typed.named(from), "ZipkinConfig, DatadogConfig or OpenTelemetryConfig");
    return Optional.empty();
  }

  private static TracingSpec.Provider zipkin(ZipkinConfig from, Problems problems) {
    if (from.getCollectorEndpointVersion() != ZipkinConfig.CollectorEndpointVersion.HTTP_JSON) {
      problems
          .at("collector_endpoint_version")
          .add(from.getCollectorEndpointVersion(), "HTTP_JSON");
    }
    return new TracingSpec.Zipkin(
        cluster(from.getCollectorCluster(), problems.at("collector_cluster")),
        from.getCollectorEndpoint(),
        from.getCollectorHostname(),
        from.getTraceId128Bit(),
        !from.hasSharedSpanContext() || from.getSharedSpanContext().getValue());
  }

  private static String cluster(String name, Problems problems) {
    if (name.isEmpty()) {
      problems.add("empty", "the name of a cluster");
    }
    return name;
  }
}
