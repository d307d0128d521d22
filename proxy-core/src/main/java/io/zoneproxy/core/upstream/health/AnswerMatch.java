package io.zoneproxy.core.upstream.health;

import java.util.List;

/**
 * Looks for parts in what comes, in their order, whatever is between them. Keeps of what came only
 * as much as a part may begin in. On one event loop only.
 */
final class AnswerMatch {
  private final List<byte[]> parts;
  private int part;
  private byte[] tail = {};

  AnswerMatch(List<byte[]> parts) {
    this.parts = parts;
  }

  /** Whether nothing is missing. */
  boolean complete() {
    return part == parts.size();
  }

  /** More has come; returns {@link #complete}. */
  boolean add(byte[] more) {
    byte[] seen = joined(tail, more, 0);
    int from = 0;
    while (!complete()) {
      byte[] wanted = parts.get(part);
      int at = indexOf(seen, wanted, from);
      if (at < 0) {
        int kept = Math.min(seen.length - from, Math.max(0, wanted.length - 1));
        tail = joined(new byte[0], seen, seen.length - kept);
        return false;
      }
      from = at + wanted.length;
      part++;
    }
    return true;
  }

  private static byte[] joined(byte[] first, byte[] second, int from) {
    byte[] both = new byte[first.length + second.length - from];
    System.arraycopy(first, 0, both, 0, first.length);
    System.arraycopy(second, from, both, first.length, second.length - from);
    return both;
  }

  private static int indexOf(byte[] in, byte[] wanted, int from) {
    for (int at = from; at + wanted.length <= in.length; at++) {
      int same = 0;
      while (same < wanted.length && in[at + same] == wanted[same]) {
        same++;
      }
      if (same == wanted.length) {
        return at;
      }
    }
    return -1;
  }
}
