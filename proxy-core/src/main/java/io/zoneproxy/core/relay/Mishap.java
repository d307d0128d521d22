package io.zoneproxy.core.relay;

import io.zoneproxy.core.observe.CloseReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An exception on a connection that is no failure of a peer or of the network.
 *
 * @param reason for the record
 * @param detail for the record
 */
public record Mishap(CloseReason reason, String detail) {
  private static final Logger log = LoggerFactory.getLogger(Mishap.class);

  /**
   * Tells memory that ran out, which is a limit like any other, from a mistake of ours, and logs
   * the latter. Peers can bring about the former: it is counted and not logged.
   *
   * @param where the name of the listener whose connection it is, or of the cluster
   */
  public static Mishap of(String where, Throwable cause) {
    if (cause instanceof OutOfMemoryError) {
      return new Mishap(CloseReason.NO_MEMORY, String.valueOf(cause.getMessage()));
    }
    log.error("{}: a connection was ended by a mistake of this program", where, cause);
    return new Mishap(CloseReason.INTERNAL, cause.toString());
  }
}
