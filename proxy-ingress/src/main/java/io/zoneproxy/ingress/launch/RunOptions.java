package io.zoneproxy.ingress.launch;

import io.zoneproxy.core.config.ConnectionLimits;
import io.zoneproxy.core.config.DrainConfig;
import io.zoneproxy.core.config.HelloLimits;
import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.config.RelayConfig;
import io.zoneproxy.core.config.RemovalPolicy;
import io.zoneproxy.core.observe.access.AccessLogFormat;
import io.zoneproxy.ingress.DescriptorLimit;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Flags of {@code run} that say how it works; docs/configuration.md has the table. */
final class RunOptions {
  private static final String DURATION = "DURATION";

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      defaultValue = "0",
      description = "Event loops; 0 = one for each CPU.")
  int concurrency;

  @Option(
      names = "--hello-timeout",
      paramLabel = DURATION,
      defaultValue = "5s",
      converter = DurationConverter.class,
      description = "From accept to a whole ClientHello (${DEFAULT-VALUE}).")
  Duration helloTimeout = Duration.ZERO;

  @Option(
      names = "--connect-timeout",
      paramLabel = DURATION,
      defaultValue = "5s",
      converter = DurationConverter.class,
      description = "For one attempt to one endpoint (${DEFAULT-VALUE}).")
  Duration connectTimeout = Duration.ZERO;

  @Option(
      names = "--idle-timeout",
      paramLabel = DURATION,
      defaultValue = "1h",
      converter = DurationConverter.class,
      description = "Without a byte either way; 0 = off (${DEFAULT-VALUE}).")
  Duration idleTimeout = Duration.ZERO;

  @Option(
      names = "--half-close-timeout",
      paramLabel = DURATION,
      defaultValue = "1h",
      converter = DurationConverter.class,
      description = "Without a byte after one side's FIN; 0 = off (${DEFAULT-VALUE}).")
  Duration halfCloseTimeout = Duration.ZERO;

  @Option(
      names = "--max-connection-time",
      paramLabel = DURATION,
      defaultValue = "0",
      converter = DurationConverter.class,
      description = "Greatest age of a connection, less up to 10 %%; 0 = off (default).")
  Duration maxConnectionTime = Duration.ZERO;

  @Option(
      names = "--max-connections",
      paramLabel = "N",
      defaultValue = "0",
      description = "Open at once, all listeners; 0 = what the descriptor limit allows.")
  int maxConnections;

  @Option(
      names = "--max-connections-per-listener",
      paramLabel = "N",
      defaultValue = "0",
      description = "Open at once on one listener; 0 = --max-connections.")
  int maxConnectionsPerListener;

  @Option(
      names = "--removal-policy",
      paramLabel = "drain|keep|cut",
      defaultValue = "drain",
      description = "For live connections whose chain is removed (${DEFAULT-VALUE}).")
  String removalPolicy = "drain";

  @Option(
      names = "--drain-time",
      paramLabel = DURATION,
      defaultValue = "30s",
      converter = DurationConverter.class,
      description = "From SIGTERM to the end at the latest (${DEFAULT-VALUE}).")
  Duration drainTime = Duration.ZERO;

  @Option(
      names = "--drain-accept-idle",
      paramLabel = DURATION,
      defaultValue = "10s",
      converter = DurationConverter.class,
      description = "Without a new connection before listeners close (${DEFAULT-VALUE}).")
  Duration drainAcceptIdle = Duration.ZERO;

  @Option(
      names = "--readiness-port",
      paramLabel = "PORT",
      defaultValue = "9902",
      description = "Serves /ready; 0 = none (${DEFAULT-VALUE}; KUMA_READINESS_PORT).")
  int readinessPort;

  @Option(
      names = "--log-level",
      paramLabel = "off|info|debug",
      defaultValue = "info",
      description = "Of the program's log (${DEFAULT-VALUE}).")
  String logLevel = "info";

  @Option(
      names = "--log-output-path",
      paramLabel = "FILE",
      defaultValue = "",
      description = "Program's log; standard error otherwise.")
  String logOutputPath = "";

  @Option(
      names = "--access-log",
      paramLabel = "stdout|stderr|off|FILE",
      defaultValue = "stdout",
      description = "One record for each connection (${DEFAULT-VALUE}).")
  String accessLog = "stdout";

  @Option(
      names = "--access-log-format",
      paramLabel = "json|text",
      defaultValue = "json",
      description = "(${DEFAULT-VALUE})")
  String accessLogFormat = "json";

  @Option(
      names = "--work-dir",
      paramLabel = "DIR",
      defaultValue = "",
      description = "For what outlives a run; nothing is kept without it.")
  String workDir = "";

  int loops() {
    if (concurrency < 0) {
      throw new UsageException("--concurrency=" + concurrency + " (expected: >= 0)");
    }
    return concurrency == 0 ? Runtime.getRuntime().availableProcessors() : concurrency;
  }

  /** The settings of the proxy; what is out of range is said by flag. */
  ProxyConfig proxyConfig() {
    int total = maxConnections == 0 ? DescriptorLimit.connections() : maxConnections;
    int each = maxConnectionsPerListener == 0 ? total : maxConnectionsPerListener;
    HelloLimits hello = HelloLimits.DEFAULT;
    try {
      return new ProxyConfig(
          new HelloLimits(helloTimeout, hello.maxHandshakeBytes(), hello.maxBytes()),
          new RelayConfig(
              connectTimeout,
              idleTimeout,
              halfCloseTimeout,
              maxConnectionTime,
              RelayConfig.DEFAULT.maxConnectAttempts()),
          new ConnectionLimits(total, each),
          new DrainConfig(drainTime, drainAcceptIdle),
          removal());
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  AccessLogFormat format() {
    return oneOf("--access-log-format", accessLogFormat, List.of(AccessLogFormat.values()));
  }

  private RemovalPolicy removal() {
    return oneOf("--removal-policy", removalPolicy, List.of(RemovalPolicy.values()));
  }

  private static <E extends Enum<E>> E oneOf(String flag, String value, List<E> values) {
    for (E one : values) {
      if (one.name().toLowerCase(Locale.ROOT).equals(value)) {
        return one;
      }
    }
    List<String> names = values.stream().map(v -> v.name().toLowerCase(Locale.ROOT)).toList();
    throw new UsageException(
        "%s=%s (expected: %s)".formatted(flag, value, String.join(", ", names)));
  }
}
