package io.zoneproxy.core.admin.metric;

import io.zoneproxy.core.observe.process.CertificateInventory;
import io.zoneproxy.core.observe.request.HttpStatsTable;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the admin port shows of the process itself.
 *
 * @param version of this program
 * @param concurrency number of event loops that carry connections
 * @param started when the proxy was started
 * @param options how it was started, under the names of Envoy's {@code command_line_options}; what
 *     is not in it shows Envoy's default. Values are texts, numbers or booleans, and no secrets
 * @param node whom the control plane takes this for, as JSON of Envoy's {@code core.v3.Node}; asked
 *     for each page
 * @param certificates in use
 * @param http counters of chains that speak HTTP
 */
public record ServerInfo(
    String version,
    int concurrency,
    Instant started,
    Map<String, Object> options,
    Supplier<String> node,
    CertificateInventory certificates,
    HttpStatsTable http) {
  /** Each of the three numbers of a version gets two digits. */
  private static final int VERSION_STEP = 100;

  private static final int VERSION_PARTS = 3;

  public ServerInfo {
    options = Map.copyOf(options);
  }

  /** Of a proxy without a control plane and without certificates. */
  public ServerInfo(String version, int concurrency, Instant started) {
    this(
        version,
        concurrency,
        started,
        Map.of(),
        () -> "{}",
        CertificateInventory.NONE,
        new HttpStatsTable());
  }

  /** The same with one more of {@link #options}. */
  public ServerInfo withOption(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(options);
    more.put(name, value);
    return new ServerInfo(version, concurrency, started, more, node, certificates, http);
  }

  /** The same with a node. */
  public ServerInfo withNode(Supplier<String> json) {
    return new ServerInfo(version, concurrency, started, options, json, certificates, http);
  }

  /** The same with certificates. */
  public ServerInfo withCertificates(CertificateInventory inventory) {
    return new ServerInfo(version, concurrency, started, options, node, inventory, http);
  }

  /** The same with counters of chains that speak HTTP. */
  public ServerInfo withHttp(HttpStatsTable stats) {
    return new ServerInfo(version, concurrency, started, options, node, certificates, stats);
  }

  /** How long the proxy has been running; never negative, also when the clock was set back. */
  public Duration uptime() {
    Duration uptime = Duration.between(started, Instant.now());
    return uptime.isNegative() ? Duration.ZERO : uptime;
  }

  /** The version as a number: 1.2.3 is 10203; 0 when it does not begin with a number. */
  long versionNumber() {
    String[] parts = version.split("[^0-9]+", VERSION_PARTS + 1);
    long number = 0;
    for (int i = 0; i < VERSION_PARTS; i++) {
      boolean there = i < parts.length && parts[i].matches("[0-9]{1,4}");
      number = number * VERSION_STEP + (there ? Integer.parseInt(parts[i]) : 0);
    }
    return number;
  }
}
