package io.zoneproxy.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestParserTest {
  private static final Request PADDED = new Request(Request.Kind.ANSWER, 0, 1024, 5);
  private static final Request UPLOAD = new Request(Request.Kind.UPLOAD, 7, 0, 0);

  private final Content content = new Content();
  private final byte[] hello = Hello.withServerName("a.example").bytes();
  private final List<Request> requests = new ArrayList<>();
  private final RequestParser parser = new RequestParser(hello, content, requests::add);

  @AfterEach
  void release() {
    content.release();
  }

  @Test
  void findsTheSameRequestsHoweverTheyAreCut() throws IOException {
    ByteBuffer sent = sent(PADDED, PADDED);
    for (int cut = 0; cut <= sent.limit(); cut++) {
      requests.clear();
      RequestParser cutParser = new RequestParser(hello, content, requests::add);
      assertThat(cutParser.take(sent.slice(0, cut), cut)).isEqualTo(cut);
      int rest = sent.limit() - cut;
      assertThat(cutParser.take(sent.slice(cut, rest), rest)).isEqualTo(rest);

      assertThat(requests).as("cut at %d", cut).containsExactly(PADDED, PADDED);
      assertThat(cutParser.atBoundary()).isTrue();
    }
  }

  @Test
  void leavesWhatFollowsAnUpload() throws IOException {
    ByteBuffer sent = sent(UPLOAD);
    int length = sent.limit();
    ByteBuffer more = ByteBuffer.allocate(length + 3).put(sent).put(new byte[3]).flip();

    assertThat(parser.take(more, more.limit())).isEqualTo(length);
    assertThat(requests).containsExactly(UPLOAD);
  }

  @Test
  void isNotAtABoundaryWithinARequest() throws IOException {
    ByteBuffer sent = sent(PADDED);
    parser.take(sent, sent.limit() - 1);

    assertThat(parser.atBoundary()).isFalse();
    assertThat(requests).isEmpty();
  }

  @Test
  void refusesAnotherHello() {
    ByteBuffer sent = sent(PADDED);
    sent.put(100, (byte) ~sent.get(100));

    assertThatThrownBy(() -> parser.take(sent, sent.limit()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("differs at byte 100");
  }

  @Test
  void refusesPaddingThatDiffers() {
    ByteBuffer sent = sent(PADDED);
    int last = sent.limit() - 1;
    sent.put(last, (byte) ~sent.get(last));

    assertThatThrownBy(() -> parser.take(sent, sent.limit())).hasMessageContaining("padding");
  }

  @Test
  void refusesAHeaderThatIsNone() {
    ByteBuffer sent = ByteBuffer.allocate(hello.length + Request.HEADER_BYTES).put(hello).clear();

    assertThatThrownBy(() -> parser.take(sent, sent.limit()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: a request");
  }

  private ByteBuffer sent(Request... all) {
    ByteBuffer sent = ByteBuffer.allocate(4096).put(hello);
    for (Request request : all) {
      request.encode(sent);
      content.copy(0, sent, request.paddingBytes());
    }
    return sent.flip();
  }
}
