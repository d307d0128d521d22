package io.zoneproxy.cp.translate.log;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.extensions.access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.zoneproxy.core.model.log.LogFormat;
import io.zoneproxy.core.model.log.LogTarget;
import io.zoneproxy.cp.translate.value.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Access logs for a collector of OpenTelemetry. kuma-cp may use fields that are newer than the
 * messages here: these come as unknown ones.
 */
final class OpenTelemetryLogs {
  /** {@code http_service} of a newer message. */
  private static final int HTTP_SERVICE = 8;

  /** {@code grpc_service} of a newer message, in place of that of {@code common_config}. */
  private static final int GRPC_SERVICE = 9;

  /** {@code log_name} of a newer message, in place of that of {@code common_config}. */
  private static final int LOG_NAME = 10;

  private OpenTelemetryLogs() {}

  static Optional<LogTarget> of(OpenTelemetryAccessLogConfig from, Problems problems) {
    if (last(from.getUnknownFields(), HTTP_SERVICE).isPresent()) {
      problems.at("http_service").add("set", "grpc_service");
      return Optional.empty();
    }
    Optional<String> cluster = cluster(from, problems);
    Optional<LogFormat> body =
        from.hasBody() ? format(from.getBody(), problems.at("body")) : Optional.empty();
    Map<String, LogFormat> attributes =
        members(from.getAttributes().getValuesList(), problems.at("attributes"));
    Map<String, String> resource =
        texts(from.getResourceAttributes().getValuesList(), problems.at("resource_attributes"));
    return cluster.map(
        to -> new LogTarget.OpenTelemetry(to, logName(from), body, attributes, resource));
  }

  private static Optional<ByteString> last(UnknownFieldSet unknown, int field) {
    List<ByteString> values = unknown.getField(field).getLengthDelimitedList();
    return values.isEmpty() ? Optional.empty() : Optional.of(values.get(values.size() - 1));
  }

  private static String logName(OpenTelemetryAccessLogConfig from) {
    return last(from.getUnknownFields(), LOG_NAME)
        .map(ByteString::toStringUtf8)
        .orElse(from.getCommonConfig().getLogName());
  }

  private static Optional<String> cluster(OpenTelemetryAccessLogConfig from, Problems problems) {
    GrpcService service = from.getCommonConfig().getGrpcService();
    Problems at = problems.at("common_config").at("grpc_service");
    Optional<ByteString> newer = last(from.getUnknownFields(), GRPC_SERVICE);
    if (newer.isPresent()) {
      at = problems.at("grpc_service");
      try {
        service = GrpcService.parseFrom(newer.get());
      } catch (InvalidProtocolBufferException e) {
        at.add("not readable: " + e.getMessage(), "a GrpcService");
        return Optional.empty();
      }
    }
    if (service.getEnvoyGrpc().getClusterName().isEmpty()) {
      at.add(service.getTargetSpecifierCase(), "envoy_grpc with a cluster_name");
      return Optional.empty();
    }
    return Optional.of(service.getEnvoyGrpc().getClusterName());
  }

  private static Map<String, LogFormat> members(List<KeyValue> from, Problems problems) {
    Map<String, LogFormat> members = new LinkedHashMap<>();
    for (int i = 0; i < from.size(); i++) {
      KeyValue each = from.get(i);
      format(each.getValue(), problems.at("values", i).at("value"))
          .ifPresent(format -> members.put(each.getKey(), format));
    }
    return members;
  }

  private static Map<String, String> texts(List<KeyValue> from, Problems problems) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (int i = 0; i < from.size(); i++) {
      KeyValue each = from.get(i);
      if (!each.getValue().hasStringValue()) {
        problems.at("values", i).at("value").add(each.getValue().getValueCase(), "string_value");
      }
      texts.put(each.getKey(), each.getValue().getStringValue());
    }
    return texts;
  }

  private static Optional<LogFormat> format(AnyValue from, Problems problems) {
    return switch (from.getValueCase()) {
      case STRING_VALUE -> Optional.of(new LogFormat.Text(from.getStringValue()));
      case KVLIST_VALUE ->
          Optional.of(
              new LogFormat.Json(
                  members(from.getKvlistValue().getValuesList(), problems.at("kvlist_value")),
                  false));
      case ARRAY_VALUE -> Optional.of(array(from, problems.at("array_value")));
      case BOOL_VALUE -> Optional.of(new LogFormat.Literal(Boolean.toString(from.getBoolValue())));
      case INT_VALUE -> Optional.of(new LogFormat.Literal(Long.toString(from.getIntValue())));
      case DOUBLE_VALUE ->
          Optional.of(new LogFormat.Literal(LogFormats.number(from.getDoubleValue())));
      default -> {
        problems.add(from.getValueCase(), "a text, a number, a list or members");
        yield Optional.empty();
      }
    };
  }

  private static LogFormat array(AnyValue from, Problems problems) {
    List<AnyValue> values = from.getArrayValue().getValuesList();
    List<LogFormat> elements = new ArrayList<>(values.size());
    for (int i = 0; i < values.size(); i++) {
      format(values.get(i), problems.at("values", i)).ifPresent(elements::add);
    }
    return new LogFormat.Array(elements);
  }
}
