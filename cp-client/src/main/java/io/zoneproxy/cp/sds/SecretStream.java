package io.zoneproxy.cp.sds;

import static io.grpc.Status.Code.INVALID_ARGUMENT;

import com.google.rpc.Status;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.secret.v3.SecretDiscoveryServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.zoneproxy.cp.resource.ResourceType;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One stream of secrets, as the state of the world, from its opening to its end, with the channel
 * that is its own. Lives on the channel's executor.
 */
final class SecretStream implements StreamObserver<DiscoveryResponse> {
  private final ManagedChannel channel;
  private final Node node;
  private final Owner owner;
  private SortedSet<String> names = new TreeSet<>();
  private @Nullable StreamObserver<DiscoveryRequest> requests;
  private String accepted = ""; // version
  private String nonce = ""; // of the last response
  private boolean over;

  SecretStream(ManagedChannel channel, Node node, Owner owner) {
    this.channel = channel;
    this.node = node;
    this.owner = owner;
  }

  /** Told what becomes of it; of nothing any more once it is over. */
  interface Owner {
    /**
     * Something has come.
     *
     * @return what is wrong with it; "" to acknowledge
     */
    String onResponse(DiscoveryResponse response);

    /** It is over; also with OK, when the server shuts down. Said once. */
    void onEnd(io.grpc.Status status);
  }

  /** Connects, and asks. */
  void open(SortedSet<String> asked) {
    names = asked;
    requests = SecretDiscoveryServiceGrpc.newStub(channel).streamSecrets(this);
    send(request());
  }

  /** Asks for others from now on. The server knows what was accepted of the last ones. */
  void ask(SortedSet<String> others) {
    names = others;
    send(request());
  }

  private DiscoveryRequest.Builder request() {
    return DiscoveryRequest.newBuilder()
        .setNode(node) // with each, for SPIRE's agent looks at that of the last one
        .setTypeUrl(ResourceType.SECRET.typeUrl())
        .addAllResourceNames(names)
        .setVersionInfo(accepted)
        .setResponseNonce(nonce);
  }

  private void send(DiscoveryRequest.Builder request) {
    StreamObserver<DiscoveryRequest> to = requests;
    if (to != null && !over) {
      to.onNext(request.build());
    }
  }

  @Override
  public void onNext(DiscoveryResponse response) {
    if (over) {
      return;
    }
    String problems = owner.onResponse(response);
    nonce = response.getNonce();
    if (problems.isEmpty()) {
      accepted = response.getVersionInfo();
      send(request());
    } else {
      send(
          request()
              .setErrorDetail(
                  Status.newBuilder().setCode(INVALID_ARGUMENT.value()).setMessage(problems)));
    }
  }

  @Override
  public void onError(Throwable cause) {
    end(io.grpc.Status.fromThrowable(cause));
  }

  @Override
  public void onCompleted() {
    end(io.grpc.Status.OK);
  }

  private void end(io.grpc.Status status) {
    if (!over) {
      cut();
      owner.onEnd(status);
    }
  }

  /** Ends stream and connection at once; nobody is told. */
  void cut() {
    over = true;
    channel.shutdownNow();
  }
}
