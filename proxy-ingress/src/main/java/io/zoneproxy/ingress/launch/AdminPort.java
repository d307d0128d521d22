package io.zoneproxy.ingress.launch;

import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.Resource;
import io.zoneproxy.core.resource.ZoneEgress;
import io.zoneproxy.core.resource.ZoneIngress;

/** The admin port of an own resource. */
final class AdminPort {
  private AdminPort() {}

  /** {@code networking.admin.port}; 0 when there is none. */
  static int of(Resource own) {
    if (own instanceof ZoneEgress egress) {
      return egress.adminPort();
    }
    if (own instanceof ZoneIngress ingress) {
      return ingress.adminPort();
    }
    return own instanceof Dataplane dataplane ? dataplane.adminPort() : 0;
  }
}
