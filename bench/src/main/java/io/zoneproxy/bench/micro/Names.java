package io.zoneproxy.bench.micro;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Server names to look up, one after the other and over again, in an order that neither the
 * processor nor the allocator can foresee. For one thread.
 */
final class Names {
  private static final long SEED = 4; // any: the order is the same in each run

  private final String[] hashed;
  private final byte[] bytes; // of all, one behind the other, as the receive buffer is at hand
  private final int[] ends;
  private int next;

  /**
   * @param names all of them, in any order
   */
  Names(List<String> names) {
    List<String> shuffled = new ArrayList<>(names);
    Collections.shuffle(shuffled, new Random(SEED));
    hashed = new String[shuffled.size()];
    bytes = String.join("", shuffled).getBytes(StandardCharsets.US_ASCII);
    ends = new int[hashed.length];
    int end = 0;
    for (int i = 0; i < hashed.length; i++) {
      end += shuffled.get(i).length();
      ends[i] = end;
      hashed[i] = fresh(i);
    }
    for (String name : hashed) {
      if (name.hashCode() == 0) { // any other is kept in the string from now on
        throw new IllegalArgumentException(name + ": hash 0 (expected: one that is kept)");
      }
    }
  }

  /** A string whose hash is known, and which is not the table's own. */
  String hashed() {
    return hashed[turn()];
  }

  /** A new string, made as the ClientHello parser does. */
  String fromBytes() {
    return fresh(turn());
  }

  private String fresh(int index) {
    int from = index == 0 ? 0 : ends[index - 1];
    return new String(bytes, from, ends[index] - from, StandardCharsets.US_ASCII);
  }

  private int turn() {
    int turn = next;
    next = turn + 1 == hashed.length ? 0 : turn + 1;
    return turn;
  }
}
