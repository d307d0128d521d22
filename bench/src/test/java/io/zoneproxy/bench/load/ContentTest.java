package io.zoneproxy.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ContentTest {
  private static final int LENGTH = 20_000;

  private final Content content = new Content();

  @AfterEach
  void release() {
    content.release();
  }

  @Test
  void findsItsOwnBytesEqualAtAnyPosition() {
    for (long position : new long[] {0, 1, 4095, Content.PERIOD_BYTES - 3, 1L << 40}) {
      ByteBuffer got = received(position);
      assertThat(content.equal(got, 0, LENGTH, position)).isTrue();
      assertThat(content.sampleEqual(got, 0, LENGTH, position)).isTrue();
    }
  }

  @Test
  void findsOneChangedByte() {
    ByteBuffer got = received(100);
    got.put(12_345, (byte) ~got.get(12_345));

    assertThat(content.equal(got, 0, LENGTH, 100)).isFalse();
  }

  @Test
  void samplesFindWhateverIsLostOrDoubled() {
    for (int moved : new int[] {-1, 1, 8, 1448, 4096, 65_536, 1 << 20, -(1 << 20)}) {
      ByteBuffer got = received((1L << 30) + moved);

      assertThat(content.sampleEqual(got, 0, LENGTH, 1L << 30)).as("moved by %d", moved).isFalse();
    }
  }

  @Test
  void samplesTheEndsOfAPieceAndEachPage() {
    for (int at : new int[] {0, 7, 4096, 8192 + 3, LENGTH - 1}) {
      ByteBuffer got = received(0);
      got.put(at, (byte) ~got.get(at));

      assertThat(content.sampleEqual(got, 0, LENGTH, 0)).as("changed at %d", at).isFalse();
    }
  }

  @Test
  void samplesAPieceShorterThanAWordInFull() {
    ByteBuffer got = received(5);
    assertThat(content.sampleEqual(got, 0, 7, 5)).isTrue();
    assertThat(content.sampleEqual(got, 0, 0, 5)).isTrue();

    got.put(6, (byte) ~got.get(6));
    assertThat(content.sampleEqual(got, 0, 7, 5)).isFalse();
  }

  private ByteBuffer received(long position) {
    ByteBuffer got = ByteBuffer.allocate(LENGTH).order(ByteOrder.nativeOrder());
    content.copy(position, got, LENGTH);
    return got;
  }
}
