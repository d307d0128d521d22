package io.zoneproxy.tls.hello;

import static io.zoneproxy.tls.hello.ClientHellos.records;
import static io.zoneproxy.tls.hello.ClientHellos.recordsOf;
import static io.zoneproxy.tls.hello.ClientHellos.withServerName;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.zoneproxy.core.config.HelloLimits;
import io.zoneproxy.core.relay.Peek.Outcome;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The answer does not depend on where TCP and TLS cut. */
class ClientHelloCutsTest {
  private static final String NAME = "backend{mesh=default}";
  private static final byte[] MESSAGE = withServerName("BackEnd{mesh=Default}");

  @Test
  void answersTheSameForEveryRecordCutAndEverySegmentCut() {
    for (int record = 0; record < MESSAGE.length; record++) {
      byte[] hello = records(MESSAGE, record);
      for (int segment = 0; segment <= hello.length; segment++) {
        assertThat(Answer.toCut(hello, segment))
            .as("record cut at %d, segment cut at %d", record, segment)
            .isEqualTo(Answer.complete(NAME, hello.length));
      }
    }
  }

  @Test
  void answersTheSameForEveryPairOfRecordCuts() {
    for (int first = 1; first < MESSAGE.length; first++) {
      for (int second = first + 1; second < MESSAGE.length; second++) {
        byte[] hello = records(MESSAGE, first, second);
        assertThat(Answer.to(hello))
            .as("record cuts at %d and %d", first, second)
            .isEqualTo(Answer.complete(NAME, hello.length));
      }
    }
  }

  @Test
  void asksForMoreAfterEveryByteButTheLast() {
    for (int record = 0; record < MESSAGE.length; record++) {
      byte[] hello = records(MESSAGE, record);
      ClientHelloParser parser = new ClientHelloParser(HelloLimits.DEFAULT);
      ByteBuf bytes = Unpooled.wrappedBuffer(hello);
      for (int at = 0; at < hello.length - 1; at++) {
        assertThat(parser.advance(bytes.slice(at, 1))).as("byte %d", at).isEqualTo(Outcome.MORE);
      }
      assertThat(parser.advance(bytes.slice(hello.length - 1, 1))).isEqualTo(Outcome.COMPLETE);
      assertThat(parser.serverName()).isEqualTo(NAME);
    }
  }

  @Test
  void asksForMoreAfterEveryTruncation() {
    for (byte[] hello : new byte[][] {records(MESSAGE), records(MESSAGE, 2, 60)}) {
      for (int length = 0; length < hello.length; length++) {
        assertThat(Answer.to(Arrays.copyOf(hello, length)).outcome())
            .as("the first %d bytes", length)
            .isEqualTo(Outcome.MORE);
      }
    }
  }

  @Test
  void takesRecordsAndSegmentsOfEverySize() {
    for (int size = 1; size <= MESSAGE.length; size++) {
      byte[] hello = recordsOf(MESSAGE, size);
      for (int segment = 1; segment <= 16; segment++) {
        assertThat(Answer.toSegmentsOf(segment, hello))
            .as("records of %d in segments of %d", size, segment)
            .isEqualTo(Answer.complete(NAME, hello.length));
      }
    }
  }

  @Test
  void takesRecordsOfOneByte() {
    byte[] hello = recordsOf(MESSAGE, 1);
    assertThat(hello).hasSize(6 * MESSAGE.length);
    assertThat(Answer.to(hello)).isEqualTo(Answer.complete(NAME, hello.length));
  }

  /** Would the parser go back to the start on each byte, this alone would be 10 billion steps. */
  @Test
  void takesTheLongestHelloInRecordsOfOneByteThatComeByteByByte() {
    int longest = HelloLimits.DEFAULT.maxHandshakeBytes();
    byte[] hello =
        recordsOf(ClientHellos.builder().serverName(NAME).paddedTo(longest).message(), 1);
    assertThat(hello).hasSize(HelloLimits.DEFAULT.maxBytes());
    assertThat(Answer.toSegmentsOf(1, hello)).isEqualTo(Answer.complete(NAME, hello.length));
  }

  @Test
  void takesTheLongestHelloInOneRecord() {
    int longest = HelloLimits.DEFAULT.maxHandshakeBytes();
    byte[] hello = records(ClientHellos.builder().serverName(NAME).paddedTo(longest).message());
    assertThat(Answer.to(hello)).isEqualTo(Answer.complete(NAME, longest + 5));
  }

  @Test
  void takesTheLongestNameByteByByte() {
    String name = "n".repeat(1024);
    byte[] hello = recordsOf(withServerName(name), 1);
    assertThat(Answer.toSegmentsOf(1, hello)).isEqualTo(Answer.complete(name, hello.length));
  }

  @Test
  void readsDirectAndCompositeBuffersTheSame() {
    byte[] hello = records(MESSAGE, 50);
    ByteBuf direct = Unpooled.directBuffer().writeBytes(hello);
    CompositeByteBuf composite = Unpooled.compositeBuffer();
    for (byte value : hello) {
      composite.addComponent(true, Unpooled.wrappedBuffer(new byte[] {value}));
    }
    for (ByteBuf bytes : new ByteBuf[] {direct, composite}) {
      ClientHelloParser parser = new ClientHelloParser(HelloLimits.DEFAULT);
      assertThat(parser.advance(bytes)).isEqualTo(Outcome.COMPLETE);
      assertThat(parser.serverName()).isEqualTo(NAME);
      bytes.release();
    }
  }
}
