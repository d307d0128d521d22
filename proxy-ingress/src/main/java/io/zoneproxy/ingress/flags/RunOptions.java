package io.zoneproxy.ingress.flags;

import io.zoneproxy.core.config.ConnectionLimits;
import io.zoneproxy.core.config.DescriptorBudget;
import io.zoneproxy.core.config.DrainConfig;
import io.zoneproxy.core.config.HelloLimits;
import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.config.RelayConfig;
import io.zoneproxy.core.config.RemovalPolicy;
import io.zoneproxy.core.config.outbound.OutboundProxies;
import io.zoneproxy.core.config.outbound.OutboundProxyFile;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.observe.access.AccessLogFormat;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Option;

/**
 * Flags of {@code run} that say how it works; docs/configuration.md has the table. Read once, then
 * checked by {@link #check}; the other methods want that to have been done.
 */
public final class RunOptions {
  /** Far more than any machine has CPUs; each loop costs a thread, sockets and descriptors. */
  private static final int MAX_LOOPS = 1024;

  /** The timers of the event loops count milliseconds. */
  private static final Duration SHORTEST = Duration.ofMillis(1);

  private static final List<String> LOG_LEVELS = List.of("off", "info", "debug");
  private static final List<String> REMOVAL_POLICIES = List.of("drain", "keep", "cut");
  private static final List<String> LOG_FORMATS = List.of("json", "text");
  private static final String DURATION = "DURATION";
  private static final String NUMBER = "N";

  @Option(
      names = "--concurrency",
      paramLabel = NUMBER,
      defaultValue = "0",
      converter = WholeNumberConverter.class,
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
      names = "--allow-link-local-upstreams",
      arity = "0..1",
      paramLabel = "true|false",
      defaultValue = "false",
      fallbackValue = "true",
      converter = SwitchConverter.class,
      description = "Names of external services may lead to 169.254/16 and the like.")
  boolean allowLinkLocalUpstreams;

  @Option(
      names = "--outbound-proxies",
      paramLabel = "FILE",
      defaultValue = "",
      description = "Which external services are reached through which HTTP proxy.")
  String outboundProxies = "";

  private OutboundProxies outbound = OutboundProxies.NONE;

  @Option(
      names = "--max-connections",
      paramLabel = NUMBER,
      defaultValue = "0",
      converter = WholeNumberConverter.class,
      description = "Open at once, all listeners; 0 = what the descriptor limit allows.")
  int maxConnections;

  @Option(
      names = "--max-connections-per-listener",
      paramLabel = NUMBER,
      defaultValue = "0",
      converter = WholeNumberConverter.class,
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
      converter = WholeNumberConverter.class,
      description = "Serves /ready (${DEFAULT-VALUE}; KUMA_READINESS_PORT).")
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
      description = "One record for each connection, and for each HTTP request (${DEFAULT-VALUE}).")
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
      description = "For sockets and what outlives a run; otherwise temporary.")
  String workDir = "";

  /**
   * Looks at every value.
   *
   * @throws UsageException with a line for each that is out of its range
   */
  public void check() {
    Mistakes mistakes = new Mistakes();
    mistakes.number("--concurrency", concurrency, 0, MAX_LOOPS);
    mistakes.number("--max-connections", maxConnections, 0, Integer.MAX_VALUE);
    mistakes.number(
        "--max-connections-per-listener", maxConnectionsPerListener, 0, Integer.MAX_VALUE);
    mistakes.number("--readiness-port", readinessPort, 1, HostPort.MAX_PORT);
    mistakes.duration("--hello-timeout", helloTimeout, SHORTEST);
    mistakes.duration("--connect-timeout", connectTimeout, SHORTEST);
    mistakes.duration("--drain-time", drainTime, SHORTEST);
    mistakes.word("--removal-policy", removalPolicy, REMOVAL_POLICIES);
    mistakes.word("--log-level", logLevel, LOG_LEVELS);
    mistakes.word("--access-log-format", accessLogFormat, LOG_FORMATS);
    mistakes.notEmpty("--access-log", accessLog, "stdout, stderr, off or a file");
    if (!outboundProxies.isEmpty()) {
      readOutboundProxies(mistakes);
    }
    mistakes.refuse();
  }

  private void readOutboundProxies(Mistakes mistakes) {
    try {
      outbound =
          OutboundProxyFile.read(
              Path.of(outboundProxies), line -> mistakes.add("--outbound-proxies: " + line));
    } catch (InvalidPathException e) {
      mistakes.add("--outbound-proxies=" + outboundProxies + " (expected: a file)");
    }
  }

  /** Event loops; at least 1. */
  public int loops() {
    return concurrency == 0 ? Runtime.getRuntime().availableProcessors() : concurrency;
  }

  /** Through which proxies external services are reached. */
  public OutboundProxies outbound() {
    return outbound;
  }

  /** The settings of the proxy. */
  public ProxyConfig proxyConfig() {
    int total = maxConnections == 0 ? DescriptorBudget.ofProcess().connections() : maxConnections;
    int each = maxConnectionsPerListener == 0 ? total : maxConnectionsPerListener;
    HelloLimits hello = HelloLimits.DEFAULT;
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
        RemovalPolicy.valueOf(removalPolicy.toUpperCase(Locale.ROOT)),
        allowLinkLocalUpstreams,
        outbound);
  }

  /** {@code stdout}, {@code stderr}, {@code off} or a file. */
  public String accessLog() {
    return accessLog;
  }

  /** How a record of the access log is written. */
  public AccessLogFormat accessLogFormat() {
    return AccessLogFormat.valueOf(accessLogFormat.toUpperCase(Locale.ROOT));
  }

  /** {@code off}, {@code info} or {@code debug}. */
  public String logLevel() {
    return logLevel;
  }

  /** A file; "" = standard error. */
  public String logOutputPath() {
    return logOutputPath;
  }

  /** From the first signal to the end at the latest. */
  public Duration drainTime() {
    return drainTime;
  }

  /** A folder for what outlives a run; "" = not said. */
  public String workDir() {
    return workDir;
  }

  /** The port of {@code /ready}, 1 to 65535. */
  public int readinessPort() {
    return readinessPort;
  }

  /**
   * Where {@code /ready} is. kuma-dp's rule: a Pod's probes come from outside, everything else from
   * the host itself.
   *
   * @param environment the process's variables
   */
  public InetSocketAddress readinessAddress(Map<String, String> environment) {
    return environment.getOrDefault("POD_NAME", "").isEmpty()
        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), readinessPort)
        : new InetSocketAddress(readinessPort);
  }
}
