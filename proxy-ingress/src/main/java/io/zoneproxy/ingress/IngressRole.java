package io.zoneproxy.ingress;

import io.zoneproxy.core.resource.Resource;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.ZoneIngress;
import io.zoneproxy.ingress.translate.IngressTranslator;
import io.zoneproxy.ingress.translate.Translation;

/** The way into a zone, for all meshes. */
public final class IngressRole implements ProxyRole {
  @Override
  public String proxyType() {
    return IngressTranslator.ROLE;
  }

  @Override
  public Class<? extends Resource> ownKind() {
    return ZoneIngress.class;
  }

  @Override
  public Translation translate(Resource own, Resources resources, String zone) {
    return IngressTranslator.translate((ZoneIngress) own, resources, zone);
  }
}
