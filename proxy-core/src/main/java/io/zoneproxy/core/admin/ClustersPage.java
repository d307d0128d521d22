package io.zoneproxy.core.admin;

import io.netty.util.NetUtil;
import io.zoneproxy.core.model.Address;
import io.zoneproxy.core.model.Locality;
import io.zoneproxy.core.model.balance.CircuitBreakers;
import io.zoneproxy.core.observe.ClusterStatus;
import io.zoneproxy.core.observe.ClusterStatus.EndpointStatus;
import io.zoneproxy.core.observe.ClusterStatus.Requests;
import io.zoneproxy.core.observe.HealthFlag;
import io.zoneproxy.core.text.JsonWriter;
import io.zoneproxy.core.text.Visible;
import java.util.List;

/**
 * {@code /clusters} in Envoy's two forms, every field at its place, because Kuma's GUI and people's
 * scripts read them. What this proxy does not have shows Envoy's default: limits of the high
 * priority, requests that wait, success rates. A limit that is not set shows the greatest of
 * Envoy's. Its total of connections has those that failed, too.
 */
final class ClustersPage {
  /** Envoy's limits are numbers of 32 bits without a sign. */
  private static final long GREATEST = 0xFFFF_FFFFL;

  private ClustersPage() {}

  /**
   * Lines of {@code cluster::field::value} and {@code cluster::address::field::value}, names made
   * {@link Visible}.
   */
  static CharSequence text(List<ClusterStatus> clusters) {
    StringBuilder out = new StringBuilder();
    for (ClusterStatus cluster : clusters) {
      String name = Visible.line(cluster.name());
      line(out, name, "observability_name", Visible.line(cluster.statName()));
      writeLimits(out, name + "::default_priority", cluster.limits());
      writeLimits(out, name + "::high_priority", CircuitBreakers.ENVOY);
      line(out, name, "added_via_api", true);
      for (EndpointStatus endpoint : cluster.endpoints()) {
        String address = Visible.line(endpoint.address().toString());
        writeEndpoint(out, name + "::" + address, endpoint);
      }
    }
    return out;
  }

  private static void writeLimits(StringBuilder out, String name, CircuitBreakers limits) {
    line(out, name, "max_connections", shown(limits.maxConnections()));
    line(out, name, "max_pending_requests", shown(limits.maxPendingRequests()));
    line(out, name, "max_requests", shown(limits.maxRequests()));
    line(out, name, "max_retries", shown(limits.maxRetries()));
  }

  private static long shown(long limit) {
    return Math.min(GREATEST, limit);
  }

  private static void writeEndpoint(StringBuilder out, String name, EndpointStatus endpoint) {
    Requests requests = requests(endpoint);
    line(out, name, "cx_active", requests.connections());
    line(out, name, "cx_connect_fail", endpoint.connectFail());
    line(out, name, "cx_total", endpoint.total() + endpoint.connectFail());
    line(out, name, "rq_active", endpoint.active());
    line(out, name, "rq_error", requests.error());
    line(out, name, "rq_pending_active", 0);
    line(out, name, "rq_success", requests.success());
    line(out, name, "rq_timeout", requests.timeout());
    line(out, name, "rq_total", requests.total());
    line(out, name, "hostname", Visible.line(hostname(endpoint.address())));
    line(out, name, "health_flags", healthFlags(endpoint));
    line(out, name, "weight", endpoint.weight());
    line(out, name, "region", Visible.line(endpoint.locality().region()));
    line(out, name, "zone", Visible.line(endpoint.locality().zone()));
    line(out, name, "sub_zone", Visible.line(endpoint.locality().subZone()));
    line(out, name, "canary", false);
    line(out, name, "priority", endpoint.priority());
    line(out, name, "success_rate", -1);
    line(out, name, "local_origin_success_rate", -1);
    if (!endpoint.proxy().isEmpty()) { // Envoy's page has no such line
      line(out, name, "outbound_proxy", Visible.line(endpoint.proxy()));
    }
  }

  private static void line(StringBuilder out, String name, String field, Object value) {
    out.append(name).append("::").append(field).append("::").append(value).append('\n');
  }

  private static String healthFlags(EndpointStatus endpoint) {
    StringBuilder flags = new StringBuilder();
    for (HealthFlag flag : HealthFlag.values()) {
      flags.append(endpoint.flags().contains(flag) ? flag.text() : "");
    }
    return endpoint.healthy() ? "healthy" : flags.toString();
  }

  /** Envoy counts a connection of its TCP proxy that was made as a request. */
  private static Requests requests(EndpointStatus endpoint) {
    return endpoint
        .requests()
        .orElseGet(() -> new Requests(endpoint.active(), endpoint.total(), 0, 0, 0));
  }

  /** The name that was resolved; "" for an address that needed none. */
  private static String hostname(Address address) {
    String host = address.host();
    return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host) ? "" : host;
  }

  /** The same as Envoy's message {@code admin.v3.Clusters}: zero and empty fields left out. */
  static CharSequence json(List<ClusterStatus> clusters) {
    StringBuilder out = new StringBuilder();
    JsonWriter json = new JsonWriter(out).beginObject().name("cluster_statuses").beginArray();
    for (ClusterStatus cluster : clusters) {
      json.beginObject().name("name").value(cluster.name()).name("added_via_api").value(true);
      if (!cluster.endpoints().isEmpty()) {
        json.name("host_statuses").beginArray();
        cluster.endpoints().forEach(endpoint -> writeEndpoint(json, endpoint));
        json.endArray();
      }
      json.name("circuit_breakers").beginObject().name("thresholds").beginArray();
      writeLimits(json.beginObject(), cluster.limits());
      writeLimits(json.beginObject().name("priority").value("HIGH"), CircuitBreakers.ENVOY);
      json.endArray().endObject();
      json.name("observability_name").value(cluster.statName()).endObject();
    }
    json.endArray().endObject();
    return out;
  }

  private static void writeLimits(JsonWriter json, CircuitBreakers limits) {
    json.name("max_connections").value(shown(limits.maxConnections()));
    json.name("max_pending_requests").value(shown(limits.maxPendingRequests()));
    json.name("max_requests").value(shown(limits.maxRequests()));
    json.name("max_retries").value(shown(limits.maxRetries()));
    json.endObject();
  }

  private static void writeEndpoint(JsonWriter json, EndpointStatus endpoint) {
    json.beginObject().name("address");
    ListenersPage.writeAddress(json, endpoint.address());
    json.name("stats").beginArray();
    Requests requests = requests(endpoint);
    writeStat(json, "cx_connect_fail", endpoint.connectFail(), false);
    writeStat(json, "cx_total", endpoint.total() + endpoint.connectFail(), false);
    writeStat(json, "rq_error", requests.error(), false);
    writeStat(json, "rq_success", requests.success(), false);
    writeStat(json, "rq_timeout", requests.timeout(), false);
    writeStat(json, "rq_total", requests.total(), false);
    writeStat(json, "cx_active", requests.connections(), true);
    writeStat(json, "rq_active", endpoint.active(), true);
    writeStat(json, "rq_pending_active", 0, true);
    writeHealth(json.endArray().name("health_status"), endpoint);
    json.name("weight").value(endpoint.weight());
    writeUnlessEmpty(json, "hostname", hostname(endpoint.address()));
    if (endpoint.priority() > 0) {
      json.name("priority").value(endpoint.priority());
    }
    writeLocality(json.name("locality"), endpoint.locality());
    json.endObject();
  }

  private static void writeHealth(JsonWriter json, EndpointStatus endpoint) {
    json.beginObject();
    if (endpoint.flags().contains(HealthFlag.FAILED_ACTIVE_HC)) {
      json.name("failed_active_health_check").value(true);
    }
    if (endpoint.flags().contains(HealthFlag.FAILED_OUTLIER_CHECK)) {
      json.name("failed_outlier_check").value(true);
    }
    boolean failed = endpoint.flags().contains(HealthFlag.FAILED_EDS_HEALTH);
    json.name("eds_health_status").value(failed ? "UNHEALTHY" : "HEALTHY").endObject();
  }

  /** A 64-bit number is a string in the JSON form of Protobuf. */
  private static void writeStat(JsonWriter json, String name, long value, boolean gauge) {
    json.beginObject();
    if (gauge) {
      json.name("type").value("GAUGE");
    }
    if (value != 0) {
      json.name("value").value(Long.toString(value));
    }
    json.name("name").value(name).endObject();
  }

  private static void writeLocality(JsonWriter json, Locality locality) {
    json.beginObject();
    writeUnlessEmpty(json, "region", locality.region());
    writeUnlessEmpty(json, "zone", locality.zone());
    writeUnlessEmpty(json, "sub_zone", locality.subZone());
    json.endObject();
  }

  private static void writeUnlessEmpty(JsonWriter json, String name, String value) {
    if (!value.isEmpty()) {
      json.name(name).value(value);
    }
  }
}
