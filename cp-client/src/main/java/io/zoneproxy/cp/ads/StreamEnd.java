package io.zoneproxy.cp.ads;

import io.grpc.Status;
import io.zoneproxy.cp.trust.Reason;
import java.util.LinkedHashMap;
import java.util.Map;

/** Says in words why a stream has ended, and what to do about it. */
final class StreamEnd {
  private static final String LAST_STREAM = "already an active stream";

  /** What kuma-cp writes, which has one gRPC code for everything, and what it means. */
  private static final Map<String, String> MEANINGS = new LinkedHashMap<>();

  static {
    MEANINGS.put(
        LAST_STREAM,
        "the control plane has not let go of this proxy's last stream yet, which takes it up to 10"
            + " s; or another proxy runs under this name");
    MEANINGS.put(
        "out of token's scope",
        "the token is for another kind of proxy (expected: a zone token with this scope, kumactl"
            + " generate zone-token --scope …)");
    MEANINGS.put(
        "different than in token",
        "the token is for another zone, mesh or name (expected: one issued for this proxy)");
    MEANINGS.put("token is revoked", "the token was revoked (expected: a new one)");
    MEANINGS.put("token is expired", "the token has expired (expected: a new one)");
    MEANINGS.put(
        "signature is invalid",
        "the token was signed by another control plane, or by this one before it lost its keys, or"
            + " it is of another kind (expected: a new one, issued by the global control plane if"
            + " there is one)");
    MEANINGS.put(
        "could not parse token",
        "the token cannot be read (expected: the text that kumactl printed, and nothing else)");
    MEANINGS.put(
        "not found; create a",
        "the control plane has no resource of this name (expected: --dataplane-file, or the"
            + " resource created there before)");
    MEANINGS.put(
        "requires a workload-bound token",
        "the mesh's identities are made from the workload (expected: a token for it, kumactl"
            + " generate dataplane-token --workload …)");
    MEANINGS.put(
        "Allowed workload in token",
        "the token is for another workload than the label kuma.io/workload of the resource"
            + " (expected: the same)");
    MEANINGS.put(
        "workload",
        "the mesh's identities, or the token, are made from the workload (expected in the resource:"
            + " the label kuma.io/workload)");
    MEANINGS.put(
        "invalid type",
        "the resource is of another kind than --proxy-type (expected: Dataplane, ZoneIngress or"
            + " ZoneEgress accordingly)");
    MEANINGS.put(
        "unsupported proxy type",
        "this control plane knows no zone ingress or egress resource any more (expected:"
            + " --proxy-type=dataplane, and a Dataplane with networking.listeners)");
    MEANINGS.put(
        "does not match proxy resource",
        "name or mesh of the resource is not that of the proxy (expected: the same; a zone resource"
            + " has no mesh)");
  }

  private StreamEnd() {}

  /** Whether the control plane only has to let go of the last stream. */
  static boolean lastStreamIsHeld(Status status) {
    return firstLine(status).contains(LAST_STREAM);
  }

  /** One line. */
  static String explain(Status status) {
    if (status.isOk()) {
      return "the control plane has ended the stream: it is shutting down";
    }
    String text = firstLine(status);
    for (Map.Entry<String, String> each : MEANINGS.entrySet()) {
      if (text.contains(each.getKey())) {
        return each.getValue() + " [" + text + "]";
      }
    }
    Throwable cause = status.getCause();
    String words = cause == null ? "" : ": " + Reason.of(cause);
    return status.getCode() + ": " + text + words;
  }

  /** gRPC adds its handlers in further lines. */
  private static String firstLine(Status status) {
    String description = status.getDescription();
    return description == null
        ? "without a reason"
        : description.lines().findFirst().orElse(description);
  }
}
