package io.zoneproxy.cp.telemetry;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.time.Instant;

/** Values as OpenTelemetry has them. */
final class Values {
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private Values() {}

  /** A text with its name. */
  static KeyValue of(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  /** Nanoseconds since 1970. */
  static long nanos(Instant at) {
    return at.getEpochSecond() * NANOS_PER_SECOND + at.getNano();
  }
}
