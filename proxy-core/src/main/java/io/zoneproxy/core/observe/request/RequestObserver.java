package io.zoneproxy.core.observe.request;

/** Hears of requests. Called on event loops: must not block. */
@FunctionalInterface
public interface RequestObserver {
  /** Hears nothing. */
  RequestObserver NONE = record -> {};

  /** A request is over. */
  void onEnded(RequestRecord record);
}
