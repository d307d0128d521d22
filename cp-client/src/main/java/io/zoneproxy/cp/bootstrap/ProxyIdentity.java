package io.zoneproxy.cp.bootstrap;

/**
 * Who the proxy is.
 *
 * @param type {@code dataplane}, {@code ingress} or {@code egress}
 * @param name never empty
 * @param mesh "" for zone ingresses and egresses
 * @param resource the own resource, YAML or JSON; "" when the control plane has it already
 */
public record ProxyIdentity(String type, String name, String mesh, String resource) {
  /** Kuma's word for a proxy of a mesh, also for its ingresses and egresses from 3.0 on. */
  public static final String DATAPLANE = "dataplane";

  /** Kuma's word for a zone ingress. */
  public static final String INGRESS = "ingress";

  /** Kuma's word for a zone egress. */
  public static final String EGRESS = "egress";

  /** For messages. */
  @Override
  public String toString() {
    return type + " " + (mesh.isEmpty() ? name : mesh + "." + name);
  }
}
