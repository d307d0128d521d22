package io.zoneproxy.cp.translate.listener;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The bytes of a resource, read where they are: a listener with 100,000 chains has 27 MB. */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole, never changed
record ChainBytes(byte[] array, int offset, int length) {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Odd, with bits everywhere (2^64 divided by the golden ratio). */
  private static final long MIX = 0x9E3779B97F4A7C15L;

  /** All of these; copied only when they are not in one piece. */
  static ChainBytes of(ByteString bytes) {
    Taken taken = new Taken();
    try {
      UnsafeByteOperations.unsafeWriteTo(bytes, taken);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Taken throws none
    }
    ChainBytes whole = taken.found;
    if (whole.length() == bytes.size()) {
      return whole;
    }
    byte[] copy = bytes.toByteArray();
    return new ChainBytes(copy, 0, copy.length);
  }

  /** Whether the same bytes are there. */
  boolean sameAt(int from, int size, ChainBytes other, int otherFrom, int otherSize) {
    return size == otherSize
        && Arrays.equals(
            array,
            offset + from,
            offset + from + size,
            other.array,
            other.offset + otherFrom,
            other.offset + otherFrom + size);
  }

  /** A hash of some of them, eight at a time. */
  int hash(int from, int size) {
    long hash = size;
    int at = offset + from;
    int end = at + size;
    for (; at + Long.BYTES <= end; at += Long.BYTES) {
      hash = (hash ^ (long) LONGS.get(array, at)) * MIX;
      hash ^= hash >>> 32;
    }
    for (; at < end; at++) {
      hash = (hash ^ array[at]) * MIX;
    }
    return (int) (hash ^ hash >>> 32);
  }

  /** Gets the first piece. */
  private static final class Taken extends ByteOutput {
    private ChainBytes found = new ChainBytes(new byte[0], 0, 0);

    @Override
    public void write(byte value) {
      writeLazy(new byte[] {value}, 0, 1);
    }

    @Override
    public void write(byte[] value, int from, int size) {
      writeLazy(value.clone(), from, size);
    }

    @Override
    public void writeLazy(byte[] value, int from, int size) {
      if (found.length() == 0) {
        found = new ChainBytes(value, from, size);
      }
    }

    @Override
    public void write(ByteBuffer value) {
      // not in an array: copied
    }

    @Override
    public void writeLazy(ByteBuffer value) {
      // not in an array: copied
    }
  }
}
