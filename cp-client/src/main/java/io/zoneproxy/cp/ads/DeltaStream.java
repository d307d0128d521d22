package io.zoneproxy.cp.ads;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import io.zoneproxy.cp.resource.ResourceSink;
import io.zoneproxy.cp.resource.ResourceStore;
import io.zoneproxy.cp.resource.ResourceType;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * ADS as differences. kuma-cp answers the first request of each type even when there is nothing of
 * it, which makes known when the first configuration is whole.
 */
final class DeltaStream extends AdsStream<DeltaDiscoveryRequest, DeltaDiscoveryResponse> {
  /** A gRPC server in Go takes requests of 4 MiB; with more to say everything is sent anew. */
  private static final int MOST_BYTES = 4 * 1024 * 1024 - 64 * 1024;

  /** Of an entry beside its texts: three tags and three lengths, of up to 3 bytes each. */
  private static final int ENTRY_BYTES = 12;

  private final ResourceStore store;

  /** Types whose first response holds everything, for nothing was said to be known. */
  private final Set<ResourceType> whole = EnumSet.noneOf(ResourceType.class);

  /**
   * @param store has what is in force: it need not be sent again
   */
  DeltaStream(Node node, ResourceStore store, ResourceSink sink, Events events) {
    super(node, sink, events);
    this.store = store;
  }

  @Override
  StreamObserver<DeltaDiscoveryRequest> call(Channel channel) {
    return AggregatedDiscoveryServiceGrpc.newStub(channel).deltaAggregatedResources(this);
  }

  @Override
  DeltaDiscoveryRequest subscription(ResourceType type) {
    return request(type).putAllInitialResourceVersions(known(type)).build();
  }

  @Override
  String typeUrl(DeltaDiscoveryResponse response) {
    return response.getTypeUrl();
  }

  @Override
  String identifier(DeltaDiscoveryResponse response) {
    return response.getControlPlane().getIdentifier();
  }

  private Map<String, String> known(ResourceType type) {
    Map<String, String> versions = store.versions(type);
    long bytes = node.getSerializedSize();
    for (Map.Entry<String, String> each : versions.entrySet()) {
      bytes += ENTRY_BYTES + each.getKey().length() + each.getValue().length();
    }
    if (bytes > MOST_BYTES) {
      whole.add(type);
      return Map.of();
    }
    return versions;
  }

  /** With the node each time: before 2.14 kuma-cp ends the stream otherwise. */
  private DeltaDiscoveryRequest.Builder request(ResourceType type) {
    return DeltaDiscoveryRequest.newBuilder().setNode(node).setTypeUrl(type.typeUrl());
  }

  @Override
  void take(ResourceType type, DeltaDiscoveryResponse response) {
    Batch batch = new Batch(type);
    for (Resource resource : response.getResourcesList()) {
      batch.add(resource.getName(), resource.getVersion(), resource.getResource());
    }
    Set<String> removed = batch.removed(response.getRemovedResourcesList());
    if (whole.remove(type)) {
      removed.addAll(batch.missing(store.versions(type).keySet()));
    }
    String problems = deliver(type, List.copyOf(batch.good().values()), removed, batch.problems());
    DeltaDiscoveryRequest.Builder answer = request(type).setResponseNonce(response.getNonce());
    if (!problems.isEmpty()) {
      answer.setErrorDetail(invalid(problems));
    }
    send(answer.build());
    answered(type, version(response), problems);
  }

  /** kuma-cp leaves the version of the whole empty: its nonce then says that it is another one. */
  private static String version(DeltaDiscoveryResponse response) {
    String version = response.getSystemVersionInfo();
    return version.isEmpty() ? response.getNonce() : version;
  }
}
