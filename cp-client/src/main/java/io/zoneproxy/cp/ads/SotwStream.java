package io.zoneproxy.cp.ads;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import io.zoneproxy.cp.resource.RawResource;
import io.zoneproxy.cp.resource.ResourceSink;
import io.zoneproxy.cp.resource.ResourceStore;
import io.zoneproxy.cp.resource.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * ADS as the state of the world, for control planes before 2.14. A response holds everything of its
 * type. Types without resources are never answered, so nobody says when all is there: whoever waits
 * for it waits a while after the last response.
 */
final class SotwStream extends AdsStream<DiscoveryRequest, DiscoveryResponse> {
  private final ResourceStore store;

  SotwStream(Node node, ResourceStore store, ResourceSink sink, Events events) {
    super(node, sink, events);
    this.store = store;
  }

  @Override
  StreamObserver<DiscoveryRequest> call(Channel channel) {
    return AggregatedDiscoveryServiceGrpc.newStub(channel).streamAggregatedResources(this);
  }

  @Override
  DiscoveryRequest subscription(ResourceType type) {
    return request(type).build();
  }

  @Override
  String typeUrl(DiscoveryResponse response) {
    return response.getTypeUrl();
  }

  @Override
  String identifier(DiscoveryResponse response) {
    return response.getControlPlane().getIdentifier();
  }

  private DiscoveryRequest.Builder request(ResourceType type) {
    return DiscoveryRequest.newBuilder().setNode(node).setTypeUrl(type.typeUrl());
  }

  @Override
  void take(ResourceType type, DiscoveryResponse response) {
    Batch batch = new Batch(type);
    for (Any any : response.getResourcesList()) {
      batch.add(response.getVersionInfo(), any);
    }
    Map<String, RawResource> known = store.all(type);
    List<RawResource> changed = new ArrayList<>();
    for (RawResource resource : batch.good().values()) {
      RawResource before = known.get(resource.name());
      if (before == null || !before.bytes().equals(resource.bytes())) {
        changed.add(resource);
      }
    }
    String problems = deliver(type, changed, batch.missing(known.keySet()), batch.problems());
    // A NACK, too, has the version that it answers: with the one before, kuma-cp would send this
    // one again and again, and nothing of any other type meanwhile.
    DiscoveryRequest.Builder answer =
        request(type)
            .setVersionInfo(response.getVersionInfo())
            .setResponseNonce(response.getNonce());
    if (!problems.isEmpty()) {
      answer.setErrorDetail(invalid(problems));
    }
    send(answer.build());
    answered(type, response.getVersionInfo(), problems);
  }
}
