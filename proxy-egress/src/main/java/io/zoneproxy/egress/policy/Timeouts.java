package io.zoneproxy.egress.policy;

import io.zoneproxy.core.model.http.HttpTimeouts;
import io.zoneproxy.core.resource.policy.Settings;
import io.zoneproxy.ingress.policy.ChainRules;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Limits in time, each from where kuma-cp takes it: those of calls from rules, those of endpoints
 * from destinations. What a rule leaves out has Kuma's default, where it has one.
 */
final class Timeouts {
  private static final Duration RESPONSE = Duration.ofSeconds(15); // Kuma's
  private static final Duration STILLNESS = Duration.ofMinutes(30); // Kuma's

  private static final String IDLE = "idleTimeout";
  private static final String OF_RESPONSE = "http.requestTimeout";
  private static final String OF_STILLNESS = "http.streamIdleTimeout";
  private static final String OF_HEADERS = "http.requestHeadersTimeout";
  private static final String OF_STREAM = "http.maxStreamDuration";
  private static final String OF_CONNECTION = "http.maxConnectionDuration";
  private static final String CONNECT = "connectionTimeout";

  /** What counts for the endpoints of every protocol but gRPC in destinations alone. */
  private static final List<String> OF_ENDPOINTS = List.of(CONNECT, OF_STREAM, OF_CONNECTION);

  private static final List<String> OF_CALLS = List.of(OF_RESPONSE, OF_STILLNESS, OF_HEADERS);

  /** What counts for callers by their SPIFFE ID. */
  private static final List<String> OF_SOME = List.of(OF_RESPONSE, OF_STILLNESS);

  /** What does not, and does for everybody. */
  private static final List<String> OF_ALL = List.of(IDLE, OF_HEADERS);

  private Timeouts() {}

  /**
   * Of what comes to a chain.
   *
   * @param layers of rules: a later one leaves nothing of those before it, but the stillness
   */
  static CallTimeouts ofCalls(List<Settings> layers) {
    if (layers.isEmpty()) {
      return CallTimeouts.NONE;
    }
    Settings last = layers.get(layers.size() - 1);
    Settings all = Settings.merged(layers);
    HttpTimeouts http =
        new HttpTimeouts(
            Optional.of(Duration.ZERO), // Kuma limits idleness towards endpoints instead
            Optional.of(last.time(OF_HEADERS).orElse(Duration.ZERO)),
            Optional.empty(),
            Optional.empty());
    return new CallTimeouts(
        http,
        response(last).orElse(RESPONSE),
        Optional.of(stillness(all).orElse(STILLNESS)),
        last.time(IDLE));
  }

  /** Of what some callers ask for: requests alone, and each time by itself, as in Kuma. */
  static List<SomeCallers> ofSome(ChainRules rules) {
    return SomeCallers.of(
        Settings.NONE,
        rules.some().stream()
            .filter(part -> OF_SOME.stream().anyMatch(part.settings()::has))
            .toList());
  }

  static Optional<Duration> response(Settings set) {
    return set.time(OF_RESPONSE);
  }

  static Optional<Duration> stillness(Settings set) {
    return set.time(OF_STILLNESS);
  }

  /**
   * Towards endpoints.
   *
   * @param protocol as the service has it: for gRPC Kuma looks at rules, but for the connect
   * @param layers of rules, as above
   */
  static UpstreamTimeouts ofEndpoints(Settings to, String protocol, List<Settings> layers) {
    Optional<Duration> connect = to.time(CONNECT);
    return switch (protocol) {
      case "http", "http2" -> http(connect, to);
      case "grpc" ->
          http(connect, layers.isEmpty() ? Settings.NONE : layers.get(layers.size() - 1));
      default ->
          new UpstreamTimeouts(connect, Optional.empty(), Optional.empty(), Optional.empty());
    };
  }

  private static UpstreamTimeouts http(Optional<Duration> connect, Settings set) {
    return new UpstreamTimeouts(
        connect, set.time(IDLE), set.time(OF_CONNECTION), set.time(OF_STREAM));
  }

  /** Fields of a destination that are for calls. */
  static List<String> lostInDestination(Settings to) {
    return OF_CALLS.stream().filter(to::has).toList();
  }

  /** Fields of a rule that are for endpoints. */
  static List<String> lostInRule(Settings rule) {
    return OF_ENDPOINTS.stream().filter(rule::has).toList();
  }

  /** Fields of a rule for some callers that are for connections, before anybody asks. */
  static List<String> lostForSome(Settings rule) {
    return OF_ALL.stream().filter(rule::has).toList();
  }
}
