package io.zoneproxy.core.observe.access.operator;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** Envoy's flags for what went wrong. */
final class ResponseFlags {
  /** Those that a TCP connection can have; others keep their short name. */
  private static final Map<String, String> LONG_NAMES =
      Map.ofEntries(
          Map.entry("UH", "NoHealthyUpstream"),
          Map.entry("UF", "UpstreamConnectionFailure"),
          Map.entry("UO", "UpstreamOverflow"),
          Map.entry("NR", "NoRouteFound"),
          Map.entry("URX", "UpstreamRetryLimitExceeded"),
          Map.entry("NC", "NoClusterFound"),
          Map.entry("DT", "DurationTimeout"),
          Map.entry("DC", "DownstreamConnectionTermination"),
          Map.entry("UC", "UpstreamConnectionTermination"),
          Map.entry("UT", "UpstreamRequestTimeout"),
          Map.entry("UMSDR", "UpstreamMaxStreamDurationReached"),
          Map.entry("LR", "LocalReset"),
          Map.entry("UR", "UpstreamRemoteReset"),
          Map.entry("RL", "RateLimited"),
          Map.entry("UAEX", "UnauthorizedExternalService"),
          Map.entry("SI", "StreamIdleTimeout"),
          Map.entry("DPE", "DownstreamProtocolError"),
          Map.entry("UPE", "UpstreamProtocolError"),
          Map.entry("FI", "FaultInjected"),
          Map.entry("OM", "OverloadManagerTerminated"),
          Map.entry("DF", "DnsResolutionFailed"),
          Map.entry("DR", "DownstreamRemoteReset"));

  private ResponseFlags() {}

  /** The long names of short flags. */
  static String inWords(String flags) {
    return Arrays.stream(flags.split(",", -1))
        .map(flag -> LONG_NAMES.getOrDefault(flag, flag))
        .collect(Collectors.joining(","));
  }
}
