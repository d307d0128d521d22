package io.zoneproxy.cp.fields;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.HttpService;
import io.envoyproxy.envoy.extensions.access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig;
import io.envoyproxy.envoy.extensions.filters.common.set_filter_state.v3.FilterStateValue;
import io.envoyproxy.envoy.extensions.filters.network.set_filter_state.v3.Config;
import java.util.ArrayList;
import java.util.List;

/**
 * Fields that kuma-cp sets and Envoy has, but the messages here do not: they were added to Envoy
 * after those were generated. With them a message can be read from JSON, written to it, and looked
 * at by name; a generated message has them among its unknown fields.
 */
final class LaterFields {
  private LaterFields() {}

  private record Later(
      String name,
      int number,
      FieldDescriptorProto.Type type,
      FieldDescriptorProto.Label label,
      Descriptor message) {
    FieldDescriptorProto toProto() {
      FieldDescriptorProto.Builder field =
          FieldDescriptorProto.newBuilder()
              .setName(name)
              .setNumber(number)
              .setType(type)
              .setLabel(label);
      if (type == FieldDescriptorProto.Type.TYPE_MESSAGE) {
        field.setTypeName("." + message.getFullName());
      }
      return field.build();
    }
  }

  /** Such messages, with these fields. */
  static List<Descriptor> types() {
    Descriptor log = OpenTelemetryAccessLogConfig.getDescriptor();
    Descriptor state = Config.getDescriptor();
    return List.of(
        with(
            log,
            List.of(
                optional("http_service", 8, HttpService.getDescriptor()),
                optional("grpc_service", 9, GrpcService.getDescriptor()),
                new Later(
                    "log_name",
                    10,
                    FieldDescriptorProto.Type.TYPE_STRING,
                    FieldDescriptorProto.Label.LABEL_OPTIONAL,
                    log))),
        with(
            state,
            List.of(
                new Later(
                    "on_downstream_tls_handshake",
                    2,
                    FieldDescriptorProto.Type.TYPE_MESSAGE,
                    FieldDescriptorProto.Label.LABEL_REPEATED,
                    FilterStateValue.getDescriptor()))));
  }

  private static Later optional(String name, int number, Descriptor message) {
    return new Later(
        name,
        number,
        FieldDescriptorProto.Type.TYPE_MESSAGE,
        FieldDescriptorProto.Label.LABEL_OPTIONAL,
        message);
  }

  /** The message with the fields that it lacks; one that it has by now is left as it is. */
  private static Descriptor with(Descriptor type, List<Later> fields) {
    FileDescriptor file = type.getFile();
    List<FileDescriptor> needed = new ArrayList<>(file.getDependencies());
    DescriptorProto.Builder message = type.toProto().toBuilder();
    FileDescriptorProto.Builder changed = file.toProto().toBuilder();
    for (Later field : fields) {
      if (type.findFieldByNumber(field.number()) == null) {
        message.addField(field.toProto());
        FileDescriptor from = field.message().getFile();
        if (!from.equals(file) && !needed.contains(from)) {
          needed.add(from);
          changed.addDependency(from.getName());
        }
      }
    }
    changed.setMessageType(type.getIndex(), message);
    try {
      return FileDescriptor.buildFrom(changed.build(), needed.toArray(FileDescriptor[]::new))
          .findMessageTypeByName(type.getName());
    } catch (DescriptorValidationException e) {
      throw new IllegalStateException(type.getFullName() + " with its later fields", e);
    }
  }
}
