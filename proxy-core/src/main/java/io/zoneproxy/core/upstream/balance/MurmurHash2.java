package io.zoneproxy.core.upstream.balance;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The 64-bit form of MurmurHash2 (64A), as published by its author into the public domain. */
final class MurmurHash2 {
  /** The seed that Envoy uses, which is that of the GNU C++ library. */
  static final long SEED = 0xc70f6907L;

  private static final long MULTIPLIER = 0xc6a4a7935bd1e995L;
  private static final int SHIFT = 47;

  private MurmurHash2() {}

  static long hash(byte[] bytes, long seed) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long hash = seed ^ (bytes.length * MULTIPLIER);
    while (in.remaining() >= Long.BYTES) {
      hash = (hash ^ (mix(in.getLong() * MULTIPLIER) * MULTIPLIER)) * MULTIPLIER;
    }
    if (in.hasRemaining()) {
      long tail = 0;
      for (int shift = 0; in.hasRemaining(); shift += Byte.SIZE) {
        tail |= Byte.toUnsignedLong(in.get()) << shift;
      }
      hash = (hash ^ tail) * MULTIPLIER;
    }
    return mix(mix(hash) * MULTIPLIER);
  }

  private static long mix(long value) {
    return value ^ (value >>> SHIFT);
  }
}
