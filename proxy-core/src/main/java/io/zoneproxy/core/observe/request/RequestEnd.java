package io.zoneproxy.core.observe.request;

/** How a request ended that was to be forwarded: one way each, also for those refused. */
public enum RequestEnd {
  /** The upstream's response, or a route's own, was delivered. */
  DONE("-"),

  /** It is no HTTP that may be forwarded; the detail says what is wrong. */
  BAD_REQUEST("DPE"),
  /** Its headers are too long, or too many. */
  HEADERS_TOO_LARGE("DPE"),
  /** It wants to speak something else than HTTP, which nobody has allowed. */
  UPGRADE("-"),
  /** No route takes it. */
  NO_ROUTE("NR"),
  /** The permissions do not let it pass; the detail names the policy. */
  DENIED("UAEX"),
  /** One more than its limit allows. */
  RATE_LIMITED("RL"),
  /** A fault on purpose. */
  FAULT("FI"),

  /** The cluster has no endpoint for it. */
  NO_ENDPOINT("UH"),
  /** Over a limit of the cluster: its circuit breaker. */
  OVERFLOW("UO"),
  /** No endpoint could be connected to. */
  CONNECT_FAILED("UF"),
  /** No endpoint's TLS was good enough, or it would not shake hands; the detail says why. */
  UPSTREAM_TLS_FAILED("UF"),
  /** The upstream ended before its response was whole. */
  UPSTREAM_RESET("UC"),
  /** What the upstream sent is no HTTP. */
  UPSTREAM_PROTOCOL("UPE"),
  /** The response was not whole in the time that its route allows. */
  TIMEOUT("UT"),
  /** It took longer than its cluster allows a request. */
  STREAM_DURATION("UMSDR"),
  /** Nothing moved for too long. */
  IDLE("SI"),
  /** The downstream was too slow to send it. */
  REQUEST_TIMEOUT("-"),

  /** The downstream left before the response was whole. */
  DOWNSTREAM_GONE("DC"),
  /** A mistake of this program, always logged as an error; or it had no memory left. */
  INTERNAL("-");

  /** Before the name of the policy in the detail of what is denied. */
  public static final String POLICY = "policy ";

  private static final String RESET = "upstream_reset_before_response_started";

  private final String flag;

  RequestEnd(String flag) {
    this.flag = flag;
  }

  /** Whether it came past the checks and filters of its chain. */
  boolean isRouted() {
    return switch (this) {
      case BAD_REQUEST, HEADERS_TOO_LARGE, UPGRADE, DENIED, RATE_LIMITED, FAULT -> false;
      default -> true;
    };
  }

  /** Whether this proxy, or the downstream, gave up a request that was under way. */
  public boolean isCutHere() {
    return switch (this) {
      case TIMEOUT, STREAM_DURATION, IDLE, REQUEST_TIMEOUT, DOWNSTREAM_GONE -> true;
      default -> false;
    };
  }

  /**
   * What Envoy's access logs say of it ({@code %RESPONSE_CODE_DETAILS%}); one word.
   *
   * @param detail of the record
   */
  public String codeDetails(String detail) {
    return switch (this) {
      case DONE -> "via_upstream";
      case BAD_REQUEST -> braced("http.codec_error", detail);
      case HEADERS_TOO_LARGE -> "request_headers_too_large";
      case UPGRADE -> "upgrade_failed";
      case NO_ROUTE -> "route_not_found";
      case DENIED -> "rbac_access_denied_matched_policy[" + word(policy(detail)) + ']';
      case RATE_LIMITED -> "local_rate_limited";
      case FAULT -> "fault_filter_abort";
      case NO_ENDPOINT -> "no_healthy_upstream";
      case OVERFLOW -> braced(RESET, "overflow");
      case CONNECT_FAILED, UPSTREAM_TLS_FAILED ->
          braced(RESET, "remote_connection_failure|" + detail);
      case UPSTREAM_RESET -> braced(RESET, "connection_termination|" + detail);
      case UPSTREAM_PROTOCOL -> braced(RESET, "protocol_error|" + detail);
      case TIMEOUT -> "response_timeout";
      case STREAM_DURATION -> "upstream_max_stream_duration_reached";
      case IDLE -> "stream_idle_timeout";
      case REQUEST_TIMEOUT -> "request_overall_timeout";
      case DOWNSTREAM_GONE -> "downstream_remote_disconnect";
      case INTERNAL -> "internal_error";
    };
  }

  private static String braced(String word, String detail) {
    String more = word(detail.endsWith("|") ? detail.substring(0, detail.length() - 1) : detail);
    return more.isEmpty() ? word : word + '{' + more + '}';
  }

  /** Without blanks, as Envoy has it. */
  private static String word(String text) {
    return text.replace(' ', '_');
  }

  private static String policy(String detail) {
    return detail.startsWith(POLICY) ? detail.substring(POLICY.length()) : "none";
  }

  /** The flag by which Envoy's access logs tell it ({@code %RESPONSE_FLAGS%}); "-" for none. */
  public String responseFlag() {
    return flag;
  }
}
