package io.zoneproxy.cp.translate.listener;

import java.util.Arrays;

/** Where the chains of a listener stand in its bytes. Not changed once it is filled. */
final class Slices {
  private int[] places = new int[32]; // from and size, in turns
  private int count;

  void add(int from, int size) {
    if (2 * count == places.length) {
      places = Arrays.copyOf(places, 2 * places.length);
    }
    places[2 * count] = from;
    places[2 * count + 1] = size;
    count++;
  }

  int count() {
    return count;
  }

  int from(int i) {
    return places[2 * i];
  }

  int size(int i) {
    return places[2 * i + 1];
  }
}
