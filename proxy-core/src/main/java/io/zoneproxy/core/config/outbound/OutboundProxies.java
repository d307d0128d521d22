package io.zoneproxy.core.config.outbound;

import io.zoneproxy.core.model.HostPort;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which external services are reached through which proxy: the first rule whose pattern matches the
 * upstream's host decides. Immutable but for the credentials; any thread.
 */
public final class OutboundProxies {
  /** Everything is dialed directly. */
  public static final OutboundProxies NONE = new OutboundProxies(List.of());

  /**
   * One line of the file.
   *
   * @param proxy empty = dialed directly
   */
  record Rule(HostPattern pattern, Optional<OutboundProxy> proxy) {}

  private final List<Rule> rules;

  OutboundProxies(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  /** Whether there is no rule at all. */
  public boolean isEmpty() {
    return rules.isEmpty();
  }

  /**
   * The proxy for a host.
   *
   * @param host a name or an IP literal, as configured
   * @return empty = it is dialed directly
   */
  public Optional<OutboundProxy> of(String host) {
    if (rules.isEmpty()) {
      return Optional.empty();
    }
    String normal = HostPattern.normal(host);
    for (Rule rule : rules) {
      if (rule.pattern().matches(normal)) {
        return rule.proxy();
      }
    }
    return Optional.empty();
  }

  /** The hosts of the proxies, which have to be resolved here. */
  public Set<String> hosts() {
    return rules.stream()
        .flatMap(rule -> rule.proxy().stream())
        .map(OutboundProxy::address)
        .map(HostPort::host)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Each file of credentials once. */
  List<ProxyCredentials> credentials() {
    return rules.stream()
        .flatMap(rule -> rule.proxy().stream())
        .flatMap(proxy -> proxy.credentials().stream())
        .distinct()
        .toList();
  }
}
