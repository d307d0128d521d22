package io.zoneproxy.core.admin;

import io.netty.handler.codec.http.FullHttpRequest;

/** Answers the requests of one port, on its event loop. */
@FunctionalInterface
interface HttpService {
  /**
   * Answers at once, never blocks.
   *
   * @param request well formed; stays the caller's
   */
  AdminResponse answer(FullHttpRequest request);
}
