package io.zoneproxy.cp.resource;

import java.util.Optional;

/**
 * The kinds of resource that kuma-cp sends to a zone proxy, in the order in which it sends them.
 * Routes are never sent by themselves: they stand in the listeners.
 */
public enum ResourceType {
  /** CDS. */
  CLUSTER("Cluster", "envoy.config.cluster.v3.Cluster"),
  /** EDS. */
  ENDPOINT("ClusterLoadAssignment", "envoy.config.endpoint.v3.ClusterLoadAssignment"),
  /** LDS. */
  LISTENER("Listener", "envoy.config.listener.v3.Listener"),
  /** SDS. */
  SECRET("Secret", "envoy.extensions.transport_sockets.tls.v3.Secret");

  /** Stands before the full name of each message in its type URL. */
  public static final String URL_PREFIX = "type.googleapis.com/";

  private final String label;
  private final String typeUrl;

  ResourceType(String label, String message) {
    this.label = label;
    this.typeUrl = URL_PREFIX + message;
  }

  /** For messages: the short name of the protobuf message. */
  public String label() {
    return label;
  }

  /** As requests and responses name it. */
  public String typeUrl() {
    return typeUrl;
  }

  /** The type of this URL; empty for one that a zone proxy does not ask for. */
  public static Optional<ResourceType> of(String typeUrl) {
    for (ResourceType type : values()) {
      if (type.typeUrl.equals(typeUrl)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
