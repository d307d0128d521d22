package io.zoneproxy.ingress.controlplane;

import io.zoneproxy.ingress.OwnProxy;
import io.zoneproxy.ingress.ProxyRole;

/**
 * One proxy of the process, as the control plane knows it.
 *
 * @param role what it does
 * @param name a DNS name of RFC 1123, at most 253 characters
 * @param mesh "" for zone ingresses and egresses, which belong to none
 * @param resource its own resource, YAML or JSON, variables put in; "" = the control plane has it
 * @param adminPort {@code networking.admin.port} of the resource; 0 = none is said
 * @param token what shows who it is
 */
public record ManagedProxy(
    ProxyRole role, String name, String mesh, String resource, int adminPort, TokenOrigin token) {
  /** One whose resource the control plane has already; without a token yet. */
  public static ManagedProxy known(ProxyRole role, String name, String mesh) {
    return new ManagedProxy(role, name, mesh, "", 0, new TokenOrigin.None());
  }

  /**
   * One that brings its resource; without a token yet.
   *
   * @param text of the resource
   */
  public static ManagedProxy of(OwnProxy own, String text) {
    return new ManagedProxy(
        own.role(),
        own.resource().meta().name(),
        own.resource().meta().mesh(),
        text,
        own.adminPort(),
        new TokenOrigin.None());
  }

  /** The same with a token. */
  public ManagedProxy with(TokenOrigin origin) {
    return new ManagedProxy(role, name, mesh, resource, adminPort, origin);
  }

  /** For messages: {@code egress egress-1}, {@code dataplane default.zp-1}. */
  public String id() {
    return role.proxyType() + " " + (mesh.isEmpty() ? name : mesh + "." + name);
  }
}
