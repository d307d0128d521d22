package io.zoneproxy.core.trace;

/** Why a request is traced, or not: one digit of its id tells it to whoever comes next. */
enum TraceReason {
  /** Nobody chose it. */
  NONE('4'),
  /** By chance. */
  SAMPLED('9'),
  /** A proxy before us wants it ({@code x-envoy-force-trace}). */
  FORCED('a'),
  /** The client wants it ({@code x-client-trace-id}). */
  CLIENT('b');

  private static final TraceReason[] ALL = values();
  private final char mark;

  TraceReason(char mark) {
    this.mark = mark;
  }

  /** The digit of a UUID that says so; that of version 4 says nothing. */
  char mark() {
    return mark;
  }

  /** What a digit says; NONE for one that says nothing. */
  static TraceReason of(char mark) {
    for (TraceReason reason : ALL) {
      if (reason.mark == mark) {
        return reason;
      }
    }
    return NONE;
  }
}
