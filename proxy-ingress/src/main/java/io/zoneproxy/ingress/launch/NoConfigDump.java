package io.zoneproxy.ingress.launch;

import io.zoneproxy.core.admin.AdminEndpoint;
import io.zoneproxy.core.admin.AdminRequest;
import io.zoneproxy.core.admin.AdminResponse;

/**
 * {@code /config_dump} of a proxy that runs from files. It shows what a control plane has sent, and
 * there is none; a dump made up would be taken for what Envoy has.
 */
final class NoConfigDump implements AdminEndpoint {
  private static final int NOT_FOUND = 404;
  private static final String WHY =
      """
      no control plane drives this proxy, so nothing was sent that could be shown here
      see /explain?sni=NAME for what becomes of a server name, /listeners and /clusters for what is
      in force, and the command "validate --resources=DIR" for all that the files make
      """;

  @Override
  public String path() {
    return "/config_dump";
  }

  @Override
  public String help() {
    return "only when a control plane drives the proxy";
  }

  @Override
  public AdminResponse handle(AdminRequest request) {
    return AdminResponse.text(NOT_FOUND, WHY);
  }
}
