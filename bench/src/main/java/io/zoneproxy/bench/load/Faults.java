package io.zoneproxy.bench.load;

/** What went wrong. On the loop's thread only. */
public final class Faults {
  private long count;
  private String first = "";

  /** Counts one; the first one's text is kept. */
  public void add(String text) {
    if (count++ == 0) {
      first = text;
    }
  }

  /** Since {@link #clear}. */
  long count() {
    return count;
  }

  /** "" when there was none. */
  String first() {
    return first;
  }

  /** Begins anew. */
  void clear() {
    count = 0;
    first = "";
  }
}
