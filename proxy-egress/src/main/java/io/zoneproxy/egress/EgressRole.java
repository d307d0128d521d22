package io.zoneproxy.egress;

import io.zoneproxy.core.resource.Resource;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.ZoneEgress;
import io.zoneproxy.ingress.ProxyRole;
import io.zoneproxy.ingress.translate.Translation;

/** The way out of a zone, for all meshes. */
public final class EgressRole implements ProxyRole {
  @Override
  public String proxyType() {
    return EgressTranslator.ROLE;
  }

  @Override
  public Class<? extends Resource> ownKind() {
    return ZoneEgress.class;
  }

  @Override
  public Translation translate(Resource own, Resources resources, String zone) {
    return EgressTranslator.translate((ZoneEgress) own, resources, zone);
  }
}
