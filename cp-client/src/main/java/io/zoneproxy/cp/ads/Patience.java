package io.zoneproxy.cp.ads;

import java.time.Duration;

/**
 * How long to wait for the control plane.
 *
 * @param silence for the first response of a stream before something must be wrong; with SotW also
 *     for listeners, which come last and nearly every proxy has
 * @param quiet with SotW, after listeners have come, before what is there counts as the whole
 * @param grace for the control plane to end a stream that was closed here
 */
public record Patience(Duration silence, Duration quiet, Duration grace) {
  /**
   * kuma-cp sends the first response 1.0 to 1.4 s after a stream has opened, and the other types
   * within some milliseconds. It answers the close of a stream at once, or 10 s later if it has to
   * take the proxy's resource out, for which nobody needs to wait.
   */
  public static final Patience DEFAULT =
      new Patience(Duration.ofSeconds(5), Duration.ofMillis(500), Duration.ofSeconds(1));
}
