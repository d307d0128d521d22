package io.zoneproxy.cp.translate.cluster;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;
import io.zoneproxy.core.model.balance.HttpUpstream;
import io.zoneproxy.core.model.balance.HttpUpstream.Version;
import io.zoneproxy.cp.translate.value.Numbers;
import io.zoneproxy.cp.translate.value.Problems;
import io.zoneproxy.cp.translate.value.Typed;

/** HTTP towards endpoints. */
final class HttpUpstreams {
  static final String KEY = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

  private HttpUpstreams() {}

  static HttpUpstream of(Any from, Problems problems) {
    return Typed.read(
            from, HttpProtocolOptions.getDescriptor(), HttpProtocolOptions.parser(), problems)
        .map(options -> of(options, problems))
        .orElse(HttpUpstream.DEFAULT);
  }

  private static HttpUpstream of(HttpProtocolOptions from, Problems problems) {
    var common = from.getCommonHttpProtocolOptions();
    Problems at = problems.at("common_http_protocol_options");
    if (common.hasMaxRequestsPerConnection()) {
      at.at("max_requests_per_connection").add("set", "not set: it is not supported");
    }
    return new HttpUpstream(
        version(from, problems),
        Numbers.optional(common.hasIdleTimeout(), common.getIdleTimeout(), at.at("idle_timeout")),
        Numbers.optional(
            common.hasMaxConnectionDuration(),
            common.getMaxConnectionDuration(),
            at.at("max_connection_duration")),
        Numbers.optional(
            common.hasMaxStreamDuration(),
            common.getMaxStreamDuration(),
            at.at("max_stream_duration")));
  }

  private static Version version(HttpProtocolOptions from, Problems problems) {
    if (!from.hasExplicitHttpConfig()) {
      problems.add(from.getUpstreamProtocolOptionsCase(), "explicit_http_config");
      return Version.HTTP_1_1;
    }
    ExplicitHttpConfig explicit = from.getExplicitHttpConfig();
    return switch (explicit.getProtocolConfigCase()) {
      case HTTP_PROTOCOL_OPTIONS -> Version.HTTP_1_1;
      case HTTP2_PROTOCOL_OPTIONS -> Version.HTTP_2;
      default -> {
        problems
            .at("explicit_http_config")
            .add(
                explicit.getProtocolConfigCase(),
                "http_protocol_options or http2_protocol_options");
        yield Version.HTTP_1_1;
      }
    };
  }
}
