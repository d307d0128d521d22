package io.zoneproxy.core.config.kuma.policy;

import io.zoneproxy.core.resource.policy.Treatment.Kind;
import java.util.Map;
import java.util.regex.Pattern;

/** The fields of each kind's {@code default}, as Kuma names them. */
final class Schemas {
  /** Envoy's counters take 32 bits; half of that is more than any process has. */
  private static final int MOST = Integer.MAX_VALUE;

  private static final int PERCENT = 100;
  private static final int LEAST_STATUS = 100;
  private static final int LEAST_FAULT = 200; // as Envoy has it
  private static final int LEAST_ERROR = 400;
  private static final int MOST_STATUS = 599;
  private static final int MOST_RING = 8 << 20; // points, Envoy's limit
  private static final int MOST_TABLE = 5_000_011; // a prime, Envoy's limit
  private static final int MOST_FACTOR = 1_000; // far beyond what separates anybody

  // What HTTP cannot carry would fail where traffic is served.
  static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern HEADER_VALUE = Pattern.compile("[\\t\\x20-\\x7e]*");
  private static final Pattern PATH = Pattern.compile("[!-~]+");

  private static final Map<Kind, Schema> ALL =
      Map.of(
          Kind.RATE_LIMIT, rateLimit(),
          Kind.FAULT_INJECTION, faultInjection(),
          Kind.CIRCUIT_BREAKER, circuitBreaker(),
          Kind.HEALTH_CHECK, healthCheck(),
          Kind.LOAD_BALANCING, loadBalancing(),
          Kind.TIMEOUT, timeout(),
          Kind.ACCESS_LOG, TelemetrySchemas.accessLog(),
          Kind.TRACE, TelemetrySchemas.trace());

  private Schemas() {}

  static Schema of(Kind kind) {
    return ALL.getOrDefault(kind, new Schema());
  }

  private static Schema rateLimit() {
    Schema http =
        new Schema()
            .flag("disabled")
            .section("requestRate", rate())
            .section(
                "onRateLimit",
                new Schema()
                    .number("status", LEAST_ERROR, MOST_STATUS)
                    .section("headers", headers()));
    Schema tcp = new Schema().flag("disabled").section("connectionRate", rate());
    return new Schema().section("local", new Schema().section("http", http).section("tcp", tcp));
  }

  private static Schema rate() {
    return new Schema().number("num", 1, MOST).time("interval");
  }

  private static Schema headers() {
    Schema header =
        new Schema()
            .matching("name", HEADER_NAME, "the name of a header")
            .matching("value", HEADER_VALUE, "printable text");
    return new Schema().sections("set", header).sections("add", header);
  }

  private static Schema faultInjection() {
    Pattern bandwidth = Pattern.compile("\\d{1,6} ?[kMG]bps");
    Schema fault =
        new Schema()
            .section(
                "abort",
                new Schema()
                    .number("httpStatus", LEAST_FAULT, MOST_STATUS)
                    .decimal("percentage", PERCENT))
            .section("delay", new Schema().time("value").decimal("percentage", PERCENT))
            .section(
                "responseBandwidth",
                new Schema()
                    .matching("limit", bandwidth, "a number with kbps, Mbps or Gbps")
                    .decimal("percentage", PERCENT));
    return new Schema().sections("http", fault);
  }

  private static Schema circuitBreaker() {
    Schema limits =
        new Schema()
            .number("maxConnections", 1, MOST)
            .number("maxPendingRequests", 1, MOST)
            .number("maxRequests", 1, MOST)
            .number("maxRetries", 1, MOST)
            .unused("maxConnectionPools");
    Schema inRow = new Schema().number("consecutive", 1, MOST);
    Schema detectors =
        new Schema()
            .section("totalFailures", inRow)
            .section("gatewayFailures", inRow)
            .section("localOriginFailures", inRow)
            .section("successRate", volume().decimal("standardDeviationFactor", MOST_FACTOR))
            .section("failurePercentage", volume().number("threshold", 0, PERCENT));
    Schema outliers =
        new Schema()
            .flag("disabled")
            .time("interval")
            .time("baseEjectionTime")
            .number("maxEjectionPercent", 0, PERCENT)
            .flag("splitExternalAndLocalErrors")
            .decimal("healthyPanicThreshold", PERCENT)
            .section("detectors", detectors);
    return new Schema().section("connectionLimits", limits).section("outlierDetection", outliers);
  }

  private static Schema volume() {
    return new Schema().number("minimumHosts", 1, MOST).number("requestVolume", 1, MOST);
  }

  private static Schema healthCheck() {
    Schema http =
        new Schema()
            .flag("disabled")
            .matching("path", PATH, "a path of printable ASCII")
            .section("requestHeadersToAdd", headers())
            .numbers("expectedStatuses", LEAST_STATUS, MOST_STATUS);
    return new Schema()
        .time("interval")
        .time("timeout")
        .number("unhealthyThreshold", 1, MOST)
        .number("healthyThreshold", 1, MOST)
        .timeOrZero("initialJitter")
        .timeOrZero("intervalJitter")
        .number("intervalJitterPercent", 0, PERCENT)
        .decimal("healthyPanicThreshold", PERCENT)
        .flag("failTrafficOnPanic")
        .time("noTrafficInterval")
        .flag("reuseConnection")
        .unused("eventLogPath")
        .unused("alwaysLogHealthCheckFailures")
        .section("tcp", new Schema().flag("disabled").text("send").texts("receive"))
        .section("http", http)
        .section("grpc", new Schema().flag("disabled").text("serviceName").text("authority"));
  }

  private static Schema loadBalancing() {
    Schema least =
        new Schema().number("choiceCount", 2, MOST).decimal("activeRequestBias", PERCENT);
    Schema ring =
        new Schema()
            .choice("hashFunction", "XXHash", "MurmurHash2")
            .number("minRingSize", 1, MOST_RING)
            .number("maxRingSize", 1, MOST_RING)
            .sections("hashPolicies", hash());
    Schema balancer =
        new Schema()
            .choice("type", "RoundRobin", "LeastRequest", "RingHash", "Random", "Maglev")
            .section("roundRobin", new Schema())
            .section("random", new Schema())
            .section("leastRequest", least)
            .section("ringHash", ring)
            .section(
                "maglev",
                new Schema().prime("tableSize", MOST_TABLE).sections("hashPolicies", hash()));
    return new Schema()
        .unused("localityAwareness")
        .section("loadBalancer", balancer)
        .sections("hashPolicies", hash());
  }

  private static Schema timeout() {
    Schema http =
        new Schema()
            .timeOrZero("requestTimeout")
            .timeOrZero("streamIdleTimeout")
            .timeOrZero("maxStreamDuration")
            .timeOrZero("maxConnectionDuration")
            .timeOrZero("requestHeadersTimeout");
    return new Schema().time("connectionTimeout").timeOrZero("idleTimeout").section("http", http);
  }

  private static Schema hash() {
    return new Schema()
        .choice(
            "type", "Header", "Cookie", "Connection", "SourceIP", "QueryParameter", "FilterState")
        .flag("terminal")
        .section("header", new Schema().text("name"))
        .section("cookie", new Schema().text("name").timeOrZero("ttl").text("path"))
        .section("connection", new Schema().flag("sourceIP"))
        .section("queryParameter", new Schema().text("name"))
        .section("filterState", new Schema().text("key"));
  }
}
