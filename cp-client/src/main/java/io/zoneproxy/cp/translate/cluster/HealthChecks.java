package io.zoneproxy.cp.translate.cluster;

import io.envoyproxy.envoy.config.core.v3.HealthCheck.GrpcHealthCheck;
import io.envoyproxy.envoy.config.core.v3.HealthCheck.HttpHealthCheck;
import io.envoyproxy.envoy.config.core.v3.HealthCheck.Payload;
import io.envoyproxy.envoy.config.core.v3.HealthCheck.TcpHealthCheck;
import io.envoyproxy.envoy.config.core.v3.RequestMethod;
import io.envoyproxy.envoy.type.v3.CodecClientType;
import io.zoneproxy.core.model.balance.HealthCheck;
import io.zoneproxy.core.model.balance.HealthCheck.Probe;
import io.zoneproxy.core.model.balance.HealthCheck.Statuses;
import io.zoneproxy.core.model.balance.HealthCheck.Times;
import io.zoneproxy.cp.translate.policy.Headers;
import io.zoneproxy.cp.translate.value.Numbers;
import io.zoneproxy.cp.translate.value.Problems;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Asks endpoints whether they are well. */
final class HealthChecks {
  /** Envoy's default. */
  private static final Duration NO_TRAFFIC = Duration.ofSeconds(60);

  private static final int LEAST_STATUS = 100;
  private static final int MOST_STATUS = 600; // the end of a range is not in it

  private HealthChecks() {}

  static Optional<HealthCheck> of(
      io.envoyproxy.envoy.config.core.v3.HealthCheck from, Problems problems) {
    Times times = times(from, problems);
    Optional<Probe> probe =
        switch (from.getHealthCheckerCase()) {
          case TCP_HEALTH_CHECK ->
              Optional.of(tcp(from.getTcpHealthCheck(), problems.at("tcp_health_check")));
          case HTTP_HEALTH_CHECK ->
              Optional.of(http(from.getHttpHealthCheck(), problems.at("http_health_check")));
          case GRPC_HEALTH_CHECK -> Optional.of(grpc(from.getGrpcHealthCheck()));
          default -> {
            problems.add(
                from.getHealthCheckerCase(),
                "tcp_health_check, http_health_check or grpc_health_check");
            yield Optional.empty();
          }
        };
    return probe.map(what -> new HealthCheck(times, what));
  }

  private static Times times(
      io.envoyproxy.envoy.config.core.v3.HealthCheck from, Problems problems) {
    return new Times(
        needed(from.hasTimeout(), from.getTimeout(), problems.at("timeout")),
        needed(from.hasInterval(), from.getInterval(), problems.at("interval")),
        Numbers.positive(
                from.hasNoTrafficInterval(),
                from.getNoTrafficInterval(),
                problems.at("no_traffic_interval"))
            .orElse(NO_TRAFFIC),
        Numbers.duration(from.getInitialJitter(), problems.at("initial_jitter")),
        Numbers.duration(from.getIntervalJitter(), problems.at("interval_jitter")),
        Numbers.count(from.getIntervalJitterPercent(), problems.at("interval_jitter_percent")),
        threshold(
            from.hasUnhealthyThreshold(),
            from.getUnhealthyThreshold().getValue(),
            problems.at("unhealthy_threshold")),
        threshold(
            from.hasHealthyThreshold(),
            from.getHealthyThreshold().getValue(),
            problems.at("healthy_threshold")),
        !from.hasReuseConnection() || from.getReuseConnection().getValue());
  }

  private static Duration needed(
      boolean present, com.google.protobuf.Duration from, Problems problems) {
    if (!present) {
      problems.add("not set", "1ms or more");
    }
    return Numbers.positive(present, from, problems).orElse(Duration.ofSeconds(1));
  }

  private static int threshold(boolean present, int from, Problems problems) {
    if (!present || from < 1) {
      problems.add(present ? Integer.toUnsignedString(from) : "not set", "1 or more");
      return 1;
    }
    return from;
  }

  private static Probe tcp(TcpHealthCheck from, Problems problems) {
    List<String> receive = new ArrayList<>(from.getReceiveCount());
    for (int i = 0; i < from.getReceiveCount(); i++) {
      receive.add(hex(from.getReceive(i), problems.at("receive", i)));
    }
    return new HealthCheck.Tcp(
        from.hasSend() ? hex(from.getSend(), problems.at("send")) : "", receive);
  }

  private static String hex(Payload from, Problems problems) {
    if (from.hasBinary()) {
      return HexFormat.of().formatHex(from.getBinary().toByteArray());
    }
    String text = from.getText();
    try {
      HexFormat.of().parseHex(text);
    } catch (IllegalArgumentException e) { // the one way to ask whether it is
      problems.at("text").add(text, "an even number of hexadecimal digits");
    }
    return text;
  }

  private static Probe http(HttpHealthCheck from, Problems problems) {
    if (from.getPath().isEmpty()) {
      problems.at("path").add("empty", "a path");
    }
    RequestMethod method = from.getMethod();
    if (method != RequestMethod.METHOD_UNSPECIFIED && method != RequestMethod.GET) {
      problems.at("method").add(method, "GET");
    }
    List<Statuses> expected = new ArrayList<>(from.getExpectedStatusesCount());
    for (int i = 0; i < from.getExpectedStatusesCount(); i++) {
      long first = from.getExpectedStatuses(i).getStart();
      long before = from.getExpectedStatuses(i).getEnd();
      if (first < LEAST_STATUS || first >= before || before > MOST_STATUS) {
        problems.at("expected_statuses", i).add(first + " to " + before, "100 to 600, not empty");
      } else {
        expected.add(new Statuses((int) first, (int) before));
      }
    }
    return new HealthCheck.Http(
        from.getHost(),
        from.getPath(),
        expected,
        Headers.changes(from.getRequestHeadersToAddList(), "request_headers_to_add", problems),
        http2(from, problems));
  }

  private static boolean http2(HttpHealthCheck from, Problems problems) {
    CodecClientType type = from.getCodecClientType();
    if (type != CodecClientType.HTTP1 && type != CodecClientType.HTTP2) {
      problems.at("codec_client_type").add(type, "HTTP1 or HTTP2");
    }
    return type == CodecClientType.HTTP2;
  }

  private static Probe grpc(GrpcHealthCheck from) {
    return new HealthCheck.Grpc(from.getServiceName(), from.getAuthority());
  }
}
