package io.zoneproxy.ingress;

import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.Resource;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.ingress.policy.IngressPolicies;
import io.zoneproxy.ingress.policy.ListenerTelemetry;
import io.zoneproxy.ingress.translate.DataplaneTranslator;
import io.zoneproxy.ingress.translate.Translation;

/** A mesh-scoped zone proxy: the listeners of one Dataplane. */
public final class DataplaneRole implements ProxyRole {
  @Override
  public String proxyType() {
    return DataplaneTranslator.ROLE;
  }

  @Override
  public Class<? extends Resource> ownKind() {
    return Dataplane.class;
  }

  @Override
  public Translation translate(Resource own, Resources resources, String zone) {
    Dataplane described = (Dataplane) own;
    Translation made =
        DataplaneTranslator.translate(
            described,
            resources,
            zone,
            (listener, relays) ->
                IngressPolicies.add(described, listener, resources, zone, relays));
    return ListenerTelemetry.add(described, resources, zone, made);
  }
}
