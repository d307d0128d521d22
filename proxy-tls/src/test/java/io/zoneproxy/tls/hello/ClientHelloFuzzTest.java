package io.zoneproxy.tls.hello;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.zoneproxy.core.config.HelloLimits;
import io.zoneproxy.core.relay.Peek.Outcome;

/**
 * Any bytes at all. In the build it runs over the inputs kept beside it; with {@code JAZZER_FUZZ=1}
 * in the environment it looks for new ones.
 */
class ClientHelloFuzzTest {
  /** Bytes, records of a few bytes and whole headers, each cut differently. */
  private static final int[] SEGMENTS = {1, 2, 3, 5, 7, 64, 1000};

  @FuzzTest
  void answersAnythingAndTheSameInPieces(byte[] stream) {
    ByteBuf bytes = Unpooled.wrappedBuffer(stream);
    ClientHelloParser parser = new ClientHelloParser(HelloLimits.DEFAULT);
    Outcome outcome = parser.advance(bytes);
    assertThat(bytes.readerIndex()).isZero();
    assertThat(bytes.writerIndex()).isEqualTo(stream.length);
    assertThat(bytes.refCnt()).isOne();
    if (outcome == Outcome.COMPLETE) {
      assertThat(parser.serverName()).matches("[!-~&&[^A-Z]]{0,1024}");
      assertThat(parser.helloBytes()).isBetween(1, stream.length);
    }
    Answer whole = Answer.to(stream);
    assertThat(whole.outcome()).isEqualTo(outcome);
    for (int size : SEGMENTS) {
      assertThat(Answer.toSegmentsOf(size, stream)).as("pieces of %d", size).isEqualTo(whole);
    }
  }
}
