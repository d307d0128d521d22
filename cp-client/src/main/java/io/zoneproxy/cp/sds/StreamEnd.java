package io.zoneproxy.cp.sds;

import io.grpc.Status;
import io.zoneproxy.cp.trust.Reason;
import java.util.List;

/** Says in words why a stream has ended, and what to do about it. */
final class StreamEnd {
  /** What SPIRE's agent writes when no entry has this process's selectors, by its version. */
  private static final List<String> NO_ENTRY =
      List.of("not authorized for the requested identities", "no identity issued");

  private StreamEnd() {}

  /** One line. */
  static String explain(Status status) {
    if (status.isOk()) {
      return "it has ended the stream: it is shutting down";
    }
    String description = status.getDescription();
    String text =
        description == null
            ? "without a reason"
            : description.lines().findFirst().orElse(description);
    if (NO_ENTRY.stream().anyMatch(text::contains)) {
      return "it has no identity for this process (expected: a registration entry with this SPIFFE"
          + " ID, whose selectors match this process, as unix:uid:… does) ["
          + text
          + "]";
    }
    if (status.getCode() == Status.Code.UNIMPLEMENTED) {
      return "it serves no secrets (expected: SPIRE's agent with its SDS) [" + text + "]";
    }
    Throwable cause = status.getCause();
    String words = cause == null ? "" : ": " + Reason.of(cause);
    return status.getCode() + ": " + text + words;
  }
}
