package io.zoneproxy.core.config.kuma;

import io.zoneproxy.core.config.yaml.Fields;
import io.zoneproxy.core.config.yaml.Shown;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.Dataplane.Inbound;
import io.zoneproxy.core.resource.Dataplane.Listener;
import io.zoneproxy.core.resource.Meta;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a {@code Dataplane}: one with services, or a mesh-scoped zone proxy. */
final class DataplaneReader implements KindReader {
  private static final List<String> NETWORKING =
      List.of(
          "address",
          "advertisedAddress",
          "inbound",
          "outbound",
          "gateway",
          "transparentProxying",
          "transparent_proxying",
          "admin",
          "listeners");
  private static final List<String> INBOUND =
      List.of(
          "port",
          "servicePort",
          "serviceAddress",
          "address",
          "tags",
          "health",
          "serviceProbe",
          "state",
          "name",
          "protocol");
  private static final List<String> LISTENER = List.of("type", "address", "port", "name", "state");

  private static final List<String> INBOUND_STATES = List.of("Ready", "NotReady", "Ignored");
  private static final List<String> LISTENER_STATES = List.of("Ready", "NotReady");
  private static final String INGRESS = "ZoneIngress";
  private static final String EGRESS = "ZoneEgress";

  /** The tag by which some try to make a Dataplane a zone proxy. */
  private static final String ZONE_PROXY_TAG = "kuma.io/zone-proxy";

  @Override
  public Optional<Dataplane> read(Meta meta, Fields spec, ResourceReader.Use use) {
    Optional<Fields> networking = spec.requiredMapping("networking");
    if (networking.isEmpty()) {
      return Optional.empty();
    }
    Fields fields = networking.get();
    fields.known(NETWORKING);
    if (fields.has("gateway")) {
      gateway(fields, use);
      return Optional.empty();
    }
    String own = Addresses.required(fields, "address");
    String advertised = Addresses.optional(fields, "advertisedAddress");
    Set<String> names = new HashSet<>();
    Set<HostPort> bound = new HashSet<>();
    List<Inbound> inbounds = inbounds(fields, own, advertised, names, bound);
    List<Listener> listeners = listeners(fields, names, bound);
    if (names.isEmpty()) {
      fields.error("", "has neither inbound nor listeners (expected: at least one of them)");
    }
    int adminPort =
        ZoneProxyReaders.adminPort(
            fields, listeners.stream().map(listener -> listener.address().port()).toList());
    String reached = advertised.isEmpty() ? own : advertised;
    return Optional.of(new Dataplane(meta, reached, adminPort, inbounds, listeners));
  }

  private static void gateway(Fields networking, ResourceReader.Use use) {
    if (use == ResourceReader.Use.OWN) {
      networking.error(
          "gateway",
          "a gateway Dataplane is no zone proxy (expected: networking.listeners without gateway)");
    } else {
      networking.warning(
          "gateway",
          "a gateway Dataplane is no endpoint of a zone proxy: other zones reach the services"
              + " behind it, not the gateway; it is left out");
    }
  }

  private static List<Inbound> inbounds(
      Fields networking, String own, String advertised, Set<String> names, Set<HostPort> bound) {
    List<Inbound> inbounds = new ArrayList<>();
    for (Fields fields : networking.mappings("inbound")) {
      fields.known(INBOUND);
      int port = fields.port("port");
      fields.optionalPort("servicePort");
      String name = fields.text("name");
      names.add(name.isEmpty() ? Integer.toString(port) : name);
      String given = Addresses.optional(fields, "address");
      String address = given.isEmpty() ? own : given;
      Map<String, String> tags = Tags.read(fields, "tags");
      if (tags.containsKey(ZONE_PROXY_TAG)) {
        listenerInstead(fields, tags, address, port);
      }
      boolean ready = ready(fields);
      Addresses.hostPort(address, port).ifPresent(bound::add);
      // The advertised address wins over an inbound's own, as in Kuma: it is how others get in.
      Addresses.hostPort(advertised.isEmpty() ? address : advertised, port)
          .ifPresent(reached -> inbounds.add(new Inbound(name, reached, tags, ready)));
    }
    return inbounds;
  }

  /** A {@code health} without {@code ready} says not ready: that is how Kuma's format reads it. */
  private static boolean ready(Fields inbound) {
    String state = inbound.choice("state", INBOUND_STATES);
    Optional<Fields> health = inbound.mapping("health");
    health.ifPresent(fields -> fields.known(List.of("ready")));
    boolean healthy = health.map(fields -> fields.flag("ready", false)).orElse(true);
    return healthy && (state.isEmpty() || state.equals("Ready"));
  }

  /** Kuma takes such a tag as any other and the proxy then serves nothing: we say what to write. */
  private static void listenerInstead(
      Fields inbound, Map<String, String> tags, String address, int port) {
    String value = tags.getOrDefault(ZONE_PROXY_TAG, "").toLowerCase(Locale.ROOT);
    inbound.error(
        "tags",
        ZONE_PROXY_TAG
            + " makes no zone proxy (expected: instead of the inbound, under networking:"
            + " listeners: [{type: "
            + (value.contains("egress") ? EGRESS : INGRESS)
            + ", address: "
            + (address.indexOf(':') >= 0 ? '"' + address + '"' : address)
            + ", port: "
            + port
            + "}])");
  }

  private static List<Listener> listeners(
      Fields networking, Set<String> names, Set<HostPort> bound) {
    List<Listener> listeners = new ArrayList<>();
    for (Fields fields : networking.mappings("listeners")) {
      fields.known(LISTENER);
      String type = fields.requiredText("type", INGRESS + " or " + EGRESS);
      if (!type.isEmpty()) {
        fields.choice("type", List.of(INGRESS, EGRESS));
      }
      fields.choice("state", LISTENER_STATES);
      int port = fields.port("port");
      String given = fields.text("name");
      String name = given.isEmpty() ? Integer.toString(port) : given;
      if (!names.add(name) && port != 0) {
        fields.error(
            given.isEmpty() ? "port" : "name",
            Shown.text(name) + " must be unique across inbounds and listeners");
      }
      Listener.Role role =
          type.equals(EGRESS) ? Listener.Role.ZONE_EGRESS : Listener.Role.ZONE_INGRESS;
      Optional<HostPort> address = Addresses.hostPort(Addresses.required(fields, "address"), port);
      if (address.isPresent() && !bound.add(address.get())) {
        fields.error(
            "", address.get() + " is used by an inbound or another listener (expected: each once)");
      }
      address.ifPresent(at -> listeners.add(new Listener(role, at, name)));
    }
    return listeners;
  }
}
