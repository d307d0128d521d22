package io.zoneproxy.cp.translate.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter;
import io.envoyproxy.envoy.extensions.access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig;
import io.zoneproxy.core.model.log.AccessLogSpec;
import io.zoneproxy.core.model.log.LogFilter;
import io.zoneproxy.core.model.log.LogFormat;
import io.zoneproxy.core.model.log.LogTarget;
import io.zoneproxy.core.model.policy.Predicate;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.cp.translate.value.Problems;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AccessLogsTest {
  private final Problems problems = Problems.of("Listener", "l");

  private List<AccessLogSpec> translate(Message config, String expression) {
    AccessLog.Builder log = AccessLog.newBuilder().setTypedConfig(Any.pack(config));
    if (!expression.isEmpty()) {
      log.getFilterBuilder()
          .getExtensionFilterBuilder()
          .setTypedConfig(
              Any.pack(ExpressionFilter.newBuilder().setExpression(expression).build()));
    }
    return AccessLogs.of(List.of(log.build()), problems);
  }

  @Test
  void writesATextToAFileForSomeConnections() {
    FileAccessLog.Builder file = FileAccessLog.newBuilder().setPath("/dev/stdout");
    file.getLogFormatBuilder().setOmitEmptyValues(true);
    file.getLogFormatBuilder().getTextFormatSourceBuilder().setInlineString("%DURATION%\n");
    String expression = "connection.uri_san_peer_certificate.startsWith(\"spiffe://m/\")";
    assertThat(translate(file.build(), expression))
        .containsExactly(
            new AccessLogSpec(
                new LogTarget.File("/dev/stdout", new LogFormat.Text("%DURATION%\n", true)),
                Optional.of(
                    new LogFilter.Expression(
                        expression,
                        new Predicate.Single(
                            Predicate.Input.URI_SAN, StringMatch.prefix("spiffe://m/"))))));
    assertThat(problems.any()).isFalse();
  }

  @Test
  void refusesExpressionsThatNobodyHereUnderstands() {
    FileAccessLog file = FileAccessLog.newBuilder().setPath("/x").build();
    assertThat(translate(file, "connection.mtls == true")).isEmpty();
    assertThat(problems.all())
        .singleElement()
        .asString()
        .startsWith(
            "Listener/l.access_log[0].filter.extension_filter.typed_config.expression:"
                + " connection.mtls == true (expected: ");
  }

  @Test
  void takesSeveralConditionsOfWhichAllMustHold() {
    FileAccessLog file = FileAccessLog.newBuilder().setPath("/x").build();
    String caller = "connection.uri_san_peer_certificate == \"spiffe://m/a && b\"";
    String name = "connection.requested_server_name == \"c\"";
    assertThat(translate(file, caller + " && " + name))
        .singleElement()
        .extracting(AccessLogSpec::filter)
        .isEqualTo(
            Optional.of(
                new LogFilter.Expression(
                    caller + " && " + name,
                    new Predicate.And(
                        List.of(
                            new Predicate.Single(
                                Predicate.Input.URI_SAN, StringMatch.exact("spiffe://m/a && b")),
                            new Predicate.Single(
                                Predicate.Input.SERVER_NAME, StringMatch.exact("c")))))));
    assertThat(problems.any()).isFalse();
    assertThat(translate(file, caller + " || " + name)).isEmpty();
    assertThat(translate(file, caller + " && ")).isEmpty();
    assertThat(problems.all()).hasSize(2);
  }

  @Test
  void knowsTheFieldsOfANewerMessageForACollector() {
    GrpcService.Builder service = GrpcService.newBuilder();
    service.getEnvoyGrpcBuilder().setClusterName("otel");
    UnknownFieldSet newer =
        UnknownFieldSet.newBuilder()
            .addField(9, field(service.build().toByteString()))
            .addField(10, field(ByteString.copyFromUtf8("MeshAccessLog")))
            .build();
    OpenTelemetryAccessLogConfig.Builder from =
        OpenTelemetryAccessLogConfig.newBuilder().setUnknownFields(newer);
    from.getBodyBuilder().setStringValue("%DURATION%");
    assertThat(translate(from.build(), ""))
        .containsExactly(
            new AccessLogSpec(
                new LogTarget.OpenTelemetry(
                    "otel",
                    "MeshAccessLog",
                    Optional.of(new LogFormat.Text("%DURATION%")),
                    Map.of(),
                    Map.of()),
                Optional.empty()));
    assertThat(problems.any()).isFalse();
  }

  private static UnknownFieldSet.Field field(ByteString value) {
    return UnknownFieldSet.Field.newBuilder().addLengthDelimited(value).build();
  }

  @Test
  void refusesACollectorWithoutACluster() {
    translate(OpenTelemetryAccessLogConfig.getDefaultInstance(), "");
    assertThat(problems.all())
        .containsExactly(
            "Listener/l.access_log[0].typed_config.common_config.grpc_service:"
                + " TARGETSPECIFIER_NOT_SET (expected: envoy_grpc with a cluster_name)");
  }
}
