package io.zoneproxy.ingress.driven;

import com.google.gson.JsonObject;
import io.zoneproxy.core.admin.AdminEndpoint;
import io.zoneproxy.core.admin.AdminRequest;
import io.zoneproxy.core.admin.AdminResponse;
import io.zoneproxy.cp.bootstrap.Bootstrap;
import io.zoneproxy.cp.dump.ConfigDump;
import io.zoneproxy.cp.fields.XdsTypes;
import io.zoneproxy.cp.session.ControlPlaneSession;
import java.util.List;

/** {@code /config_dump}, which kuma-cp's inspect calls and its GUI read. */
public final class ConfigDumpEndpoint implements AdminEndpoint {
  private static final String EDS = "include_eds";

  private final DrivenProxies driven;
  private final ConfigDump dump = new ConfigDump(XdsTypes.KNOWN);

  /**
   * @param driven whose configuration it is
   */
  public ConfigDumpEndpoint(DrivenProxies driven) {
    this.driven = driven;
  }

  @Override
  public String path() {
    return "/config_dump";
  }

  @Override
  public String help() {
    return "what the control plane has sent, without secrets (include_eds: with endpoints)";
  }

  @Override
  public AdminResponse handle(AdminRequest request) {
    List<ConfigDump.Source> sources =
        driven.sessions().stream().map(session -> source(session)).toList();
    return AdminResponse.json(dump.write(sources, request.flag(EDS)));
  }

  private ConfigDump.Source source(ControlPlaneSession session) {
    return new ConfigDump.Source(
        session.bootstrapped().map(Bootstrap::text).orElseGet(JsonObject::new),
        session.bootstrappedAt(),
        session.store(),
        session.awaitedSecrets(),
        driven.unbound(session));
  }
}
