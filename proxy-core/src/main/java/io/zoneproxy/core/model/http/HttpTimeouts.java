package io.zoneproxy.core.model.http;

import java.time.Duration;
import java.util.Optional;

/**
 * Limits in time of a downstream's HTTP. Empty means Envoy's default, zero means none.
 *
 * @param idle of a connection without requests; default an hour
 * @param requestHeaders from the first byte of a request to the end of its headers; default none
 * @param streamIdle of a request on which nothing moves; default 5 minutes
 * @param request from the first byte of a request to its last; default none
 */
public record HttpTimeouts(
    Optional<Duration> idle,
    Optional<Duration> requestHeaders,
    Optional<Duration> streamIdle,
    Optional<Duration> request) {}
