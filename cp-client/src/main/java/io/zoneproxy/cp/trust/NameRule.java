package io.zoneproxy.cp.trust;

/** How a host and the names of a certificate have to agree. */
public enum NameRule {
  /** As browsers do it: {@code *.example} is for {@code cp.example}, too. */
  USUAL,
  /** One name is the host, as kuma-cp demands it of Envoy: a wildcard is for nobody. */
  EXACT
}
