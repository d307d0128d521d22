package io.zoneproxy.cp.resource;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;

/** The protobuf message of a resource. */
public final class ResourceMessages {
  private ResourceMessages() {}

  /** What the bytes of a resource of this type are. */
  public static Descriptor type(ResourceType of) {
    return switch (of) {
      case CLUSTER -> Cluster.getDescriptor();
      case ENDPOINT -> ClusterLoadAssignment.getDescriptor();
      case LISTENER -> Listener.getDescriptor();
      case SECRET -> Secret.getDescriptor();
    };
  }

  /**
   * Reads a resource.
   *
   * @throws InvalidProtocolBufferException when its bytes are none of its type
   */
  public static Message parse(RawResource resource) throws InvalidProtocolBufferException {
    return switch (resource.type()) {
      case CLUSTER -> Cluster.parseFrom(resource.bytes());
      case ENDPOINT -> ClusterLoadAssignment.parseFrom(resource.bytes());
      case LISTENER -> Listener.parseFrom(resource.bytes());
      case SECRET -> Secret.parseFrom(resource.bytes());
    };
  }
}
