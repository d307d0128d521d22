package io.zoneproxy.cp.telemetry;

import io.netty.handler.codec.http.HttpHeaders;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.resource.v1.Resource;
import io.zoneproxy.core.export.Collectors;
import io.zoneproxy.core.export.Encoding;
import io.zoneproxy.core.model.log.LogTarget;
import io.zoneproxy.core.observe.access.Collected;
import io.zoneproxy.core.observe.access.operator.LoggedConnection;
import io.zoneproxy.core.observe.request.RequestRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Records of an access log as a collector of OpenTelemetry wants them. */
final class OtlpLogs implements Encoding<Collected> {
  private static final String PATH = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";

  private final String cluster;
  private final Resource resource;
  private final Optional<LoggedValue> body;
  private final List<Attribute> attributes = new ArrayList<>();

  private record Attribute(String name, LoggedValue value) {}

  OtlpLogs(LogTarget.OpenTelemetry to, Collectors.Node sender) {
    this.cluster = to.cluster();
    this.body = to.body().map(LoggedValue::of);
    to.attributes()
        .forEach((name, value) -> attributes.add(new Attribute(name, LoggedValue.of(value))));
    Resource.Builder labels =
        Resource.newBuilder() // Envoy's own three, and a zone that it is not told here
            .addAttributes(Values.of("log_name", to.logName()))
            .addAttributes(Values.of("cluster_name", sender.cluster()))
            .addAttributes(Values.of("node_name", sender.id()));
    to.resource().forEach((name, value) -> labels.addAttributes(Values.of(name, value)));
    this.resource = labels.build();
  }

  @Override
  public String path() {
    return PATH;
  }

  @Override
  public void headers(HttpHeaders to) {
    Call.headers(to, cluster);
  }

  /** The headers: all of them may be in the format. */
  @Override
  public int bytes(Collected one) {
    RequestRecord request = one.connection().request();
    return request == null
        ? 0
        : request.request().bytes() + request.response().bytes() + request.trailers().bytes();
  }

  @Override
  public byte[] body(List<Collected> batch) {
    ScopeLogs.Builder records = ScopeLogs.newBuilder();
    for (Collected each : batch) {
      records.addLogRecords(message(each.connection()));
    }
    return Call.body(
        ExportLogsServiceRequest.newBuilder()
            .addResourceLogs(ResourceLogs.newBuilder().setResource(resource).addScopeLogs(records))
            .build());
  }

  private LogRecord message(LoggedConnection connection) {
    LogRecord.Builder message =
        LogRecord.newBuilder().setTimeUnixNano(Values.nanos(start(connection)));
    body.ifPresent(value -> message.setBody(value.of(connection)));
    for (Attribute each : attributes) {
      message.addAttributes(
          KeyValue.newBuilder().setKey(each.name()).setValue(each.value().of(connection)));
    }
    return message.build();
  }

  private static Instant start(LoggedConnection connection) {
    RequestRecord request = connection.request();
    return request == null ? connection.connection().start() : request.timeline().start();
  }

  @Override
  public void left(Collected one) {
    one.left().run();
  }

  @Override
  public boolean taken(int status, HttpHeaders last) {
    return Call.succeeded(status, last);
  }
}
