package io.zoneproxy.cp.translate.http;

import io.envoyproxy.envoy.extensions.filters.common.fault.v3.FaultDelay;
import io.envoyproxy.envoy.extensions.filters.common.fault.v3.FaultRateLimit;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.FaultAbort;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.http.HttpFilter.Abort;
import io.zoneproxy.core.model.http.HttpFilter.Bandwidth;
import io.zoneproxy.core.model.http.HttpFilter.Delay;
import io.zoneproxy.cp.translate.policy.Headers;
import io.zoneproxy.cp.translate.policy.Limits;
import io.zoneproxy.cp.translate.value.Numbers;
import io.zoneproxy.cp.translate.value.Problems;
import java.util.Optional;

/** Faults on purpose. */
final class Faults {
  private static final int LEAST_STATUS = 200; // as Envoy
  private static final int MOST_STATUS = 599;

  private Faults() {}

  static HttpFilter of(HTTPFault from, Problems problems) {
    problems.refuse("upstream_cluster", !from.getUpstreamCluster().isEmpty());
    problems.refuse("downstream_nodes", from.getDownstreamNodesCount() > 0);
    problems.refuse("max_active_faults", from.hasMaxActiveFaults());
    return new HttpFilter.Fault(
        from.hasAbort() ? abort(from.getAbort(), problems.at("abort")) : Optional.empty(),
        from.hasDelay() ? delay(from.getDelay(), problems.at("delay")) : Optional.empty(),
        from.hasResponseRateLimit()
            ? bandwidth(from.getResponseRateLimit(), problems.at("response_rate_limit"))
            : Optional.empty(),
        Headers.matches(from.getHeadersList(), "headers", problems));
  }

  private static Optional<Abort> abort(FaultAbort from, Problems problems) {
    if (!from.hasHttpStatus()) {
      problems.add(from.getErrorTypeCase(), "http_status");
      return Optional.empty();
    }
    int status = from.getHttpStatus();
    if (status < LEAST_STATUS || status > MOST_STATUS) {
      problems.at("http_status").add(Integer.toUnsignedString(status), "200 to 599");
    }
    return Optional.of(
        new Abort(status, Limits.fraction(from.getPercentage(), problems.at("percentage"))));
  }

  private static Optional<Delay> delay(FaultDelay from, Problems problems) {
    if (!from.hasFixedDelay()) {
      problems.add(from.getFaultDelaySecifierCase(), "fixed_delay");
      return Optional.empty();
    }
    return Optional.of(
        new Delay(
            Numbers.duration(from.getFixedDelay(), problems.at("fixed_delay")),
            Limits.fraction(from.getPercentage(), problems.at("percentage"))));
  }

  private static Optional<Bandwidth> bandwidth(FaultRateLimit from, Problems problems) {
    if (!from.hasFixedLimit()) {
      problems.add(from.getLimitTypeCase(), "fixed_limit");
      return Optional.empty();
    }
    long limit = from.getFixedLimit().getLimitKbps();
    if (limit < 1) {
      problems.at("fixed_limit").at("limit_kbps").add(Long.toUnsignedString(limit), "1 or more");
      return Optional.empty();
    }
    return Optional.of(
        new Bandwidth(limit, Limits.fraction(from.getPercentage(), problems.at("percentage"))));
  }
}
