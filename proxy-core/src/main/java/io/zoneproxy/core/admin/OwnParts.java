package io.zoneproxy.core.admin;

import io.zoneproxy.core.http.HttpService;
import io.zoneproxy.core.http.InternalHttp;
import io.zoneproxy.core.model.Address;
import io.zoneproxy.core.route.ChainEngine;
import io.zoneproxy.core.route.TlsTermination;
import java.util.HashMap;
import java.util.Map;

/**
 * The addresses by which a control plane's clusters mean this process itself: the admin port, the
 * readiness port, the socket of the metrics. Chains that lead to them are served without dialing.
 */
public final class OwnParts {
  private final Map<Address, HttpService> services = new HashMap<>();

  /**
   * One more address.
   *
   * @param address exactly as the control plane writes it
   * @param service answers there
   * @throws IllegalArgumentException when something else has this address
   */
  public OwnParts add(Address address, HttpService service) {
    if (services.putIfAbsent(address, service) != null) {
      throw new IllegalArgumentException(address + ": two services (expected: one)");
    }
    return this;
  }

  /** The admin port's pages, by one more address. */
  public OwnParts admin(Address address, AdminServer server) {
    return add(address, server.service());
  }

  /** The readiness port's answers, by one more address. */
  public OwnParts readiness(Address address, ReadinessServer server) {
    return add(address, server.service());
  }

  /**
   * Serves chains that lead to nothing but these.
   *
   * @param tls ends TLS in front of them
   */
  public ChainEngine engine(TlsTermination tls) {
    return new InternalHttp(tls, services);
  }
}
