package io.zoneproxy.core.observe.access.operator;

import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.observe.access.operator.LoggedConnection.Moment;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Times and durations. */
final class TimeOperators {
  private static final Map<String, Long> NANOS_OF_PRECISION =
      Map.of("ms", 1_000_000L, "us", 1_000L, "ns", 1L);

  private static final int START_END_PRECISION = 3;

  private TimeOperators() {}

  static void addTo(Map<String, Operator> all) {
    ZoneId local = ZoneId.systemDefault();
    all.put("START_TIME", Operator.optional(form -> start(form, ZoneOffset.UTC)));
    all.put("START_TIME_LOCAL", Operator.optional(form -> start(form, local)));
    all.put("EMIT_TIME", Operator.optional(form -> emit(form, ZoneOffset.UTC)));
    all.put("EMIT_TIME_LOCAL", Operator.optional(form -> emit(form, local)));
    all.put("DURATION", Operator.plain(logged -> logged.connection().duration().toMillis()));
    all.put("COMMON_DURATION", Operator.required(TimeOperators::between));
    all.put(
        "UPSTREAM_CONNECTION_POOL_READY_DURATION",
        Operator.plain(
            logged -> {
              Duration taken = connecting(logged);
              return taken == null ? null : taken.toMillis();
            }));
  }

  private static Field start(String form, ZoneId zone) {
    TimeFormat format = TimeFormat.of(form, zone);
    return logged -> format.format(logged.connection().start());
  }

  /** A record is made when something has happened: no clock needs to be asked again. */
  private static Field emit(String form, ZoneId zone) {
    TimeFormat format = TimeFormat.of(form, zone);
    return logged -> {
      ConnectionRecord connection = logged.connection();
      return format.format(connection.start().plus(connection.duration()));
    };
  }

  private static Field between(String parameters) {
    String[] parts = parameters.split(":", -1);
    long nanos = nanos(parts);
    return logged -> {
      Duration taken = between(logged, parts[0], parts[1]);
      return taken == null ? null : taken.toNanos() / nanos;
    };
  }

  /**
   * The nanoseconds of a precision.
   *
   * @param parts start, end, and perhaps a precision
   */
  static long nanos(String[] parts) {
    String precision = parts.length == START_END_PRECISION ? parts[2] : "ms";
    Long nanos = NANOS_OF_PRECISION.get(precision);
    if (parts.length < 2 || parts.length > START_END_PRECISION || nanos == null) {
      throw new IllegalArgumentException("START:END:PRECISION with precision ms, us or ns");
    }
    return nanos;
  }

  private static @Nullable Duration between(LoggedConnection logged, String begin, String end) {
    if (begin.equals("US_CX_BEG") && end.equals("US_CX_END")) {
      return connecting(logged);
    }
    Duration from = sinceAccept(logged, begin);
    Duration to = sinceAccept(logged, end);
    return from == null || to == null ? null : to.minus(from);
  }

  private static @Nullable Duration sinceAccept(LoggedConnection logged, String point) {
    return switch (point) {
      case "DS_CX_BEG" -> Duration.ZERO;
      case "DS_CX_END" -> logged.moment() == Moment.ENDED ? logged.connection().duration() : null;
      default -> null; // of a request, or of an extension that is not here
    };
  }

  private static @Nullable Duration connecting(LoggedConnection logged) {
    ConnectionRecord connection = logged.connection();
    return connection.upstream() == null ? null : connection.connectTime();
  }
}
