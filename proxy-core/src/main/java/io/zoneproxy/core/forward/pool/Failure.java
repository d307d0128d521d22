package io.zoneproxy.core.forward.pool;

import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.Origin;

/**
 * Why no response comes, or no more of it.
 *
 * @param reason what happened
 * @param detail more words, "" for none
 * @param untouched whether the upstream has certainly done nothing with the request: it may be sent
 *     again, whatever it asks for (RFC 9113 §8.7)
 * @param scope what has failed
 */
public record Failure(CloseReason reason, String detail, boolean untouched, Scope scope) {
  /** What has failed. */
  public enum Scope {
    /** The connection. */
    CONNECTION,
    /** The request's stream alone: the upstream has reset it. */
    STREAM,
    /** The request, which could not be sent: the endpoint is as good as before. */
    REQUEST
  }

  /** Of a connection. */
  Failure(CloseReason reason, String detail, boolean untouched) {
    this(reason, detail, untouched, Scope.CONNECTION);
  }

  /** Whether it speaks against the endpoint. */
  public boolean isEndpoints() {
    return scope != Scope.REQUEST && reason.origin() != Origin.PROXY;
  }

  static Failure of(CloseReason reason, String detail) {
    return new Failure(reason, detail, false);
  }
}
