package io.zoneproxy.core.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.forward.RawHttp2Client.Frame;
import io.zoneproxy.core.forward.codec.HttpCodecs;
import io.zoneproxy.core.relay.TestUpstream;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A request over HTTP/2 that is none costs the others on its connection nothing. */
final class Http2ErrorsTest {
  private static final String PROTOCOL_ERROR = "\0\0\0\u0001"; // RFC 9113 §7
  private static final String REFUSED_STREAM = "\0\0\0\u0007";
  private static final int WINDOW_UPDATE = 8;
  private static final byte[] SOME = new byte[1000];

  private final HttpProxyFixture proxy = new HttpProxyFixture();
  private TestUpstream upstream;
  private RawHttp2Client client;

  @BeforeEach
  void start() throws Exception {
    upstream = new TestUpstream(HttpUpstreams.answering(request -> HttpUpstreams.ok("x")));
    client = new RawHttp2Client(proxy.serve(upstream.address()));
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    upstream.close();
    proxy.close();
  }

  private void assertReset(int stream, String code) throws IOException {
    Frame frame = client.frameOf(stream);
    assertThat(frame.type()).isEqualTo(RawHttp2Client.RST_STREAM);
    assertThat(frame.payload()).isEqualTo(code);
  }

  /** Nothing but these comes for the connection and its streams. */
  private void assertServes(int stream) throws IOException {
    client.get(stream, "/");
    Frame next = client.frame();
    while (next.type() == RawHttp2Client.SETTINGS || next.type() == WINDOW_UPDATE) {
      next = client.frame();
    }
    assertThat(next.stream()).isEqualTo(stream);
    assertThat(next.type()).isEqualTo(RawHttp2Client.HEADERS);
  }

  @ParameterizedTest
  @CsvSource({"GET, /a b", "G T, /", "GET, ''"})
  void whatIsNoMethodOrPathResetsItsStream(String method, String path) throws Exception {
    client.head(1, true, ":method", method, ":scheme", "http", ":path", path, ":authority", "x");
    assertReset(1, PROTOCOL_ERROR);
    assertServes(3);
  }

  @ParameterizedTest
  @CsvSource({"connection, close", "transfer-encoding, chunked", "te, gzip", "A, b"})
  void theBodyOfARefusedHeadIsDropped(String name, String value) throws Exception {
    client.head(
        1,
        false,
        new String[] {
          ":method", "POST", ":scheme", "http", ":path", "/", ":authority", "x", name, value
        });
    for (int i = 0; i < 300; i++) { // more than the resets that may be provoked
      client.data(1, i == 299, SOME);
    }
    assertReset(1, PROTOCOL_ERROR);
    assertServes(3);
  }

  @ParameterizedTest
  @CsvSource({"3, 2", "3, 4", "-3, 1"})
  void aLengthThatIsNotThatOfTheBodyResetsItsStream(String said, int sent) throws Exception {
    client.head(
        1,
        false,
        new String[] {
          ":method",
          "POST",
          ":scheme",
          "http",
          ":path",
          "/",
          ":authority",
          "x",
          "content-length",
          said
        });
    client.data(1, true, new byte[sent]);
    assertReset(1, PROTOCOL_ERROR);
    assertServes(3);
  }

  /** Who has not seen our settings yet may send more than they allow (RFC 9113 §6.5.3). */
  @Test
  void requestsBeyondTheLimitAreRefusedWithTheirBodies() throws Exception {
    int last = 2 * HttpCodecs.MAX_STREAMS + 1;
    for (int stream = 1; stream <= last; stream += 2) {
      client.post(stream, "/");
    }
    client.data(last, true, SOME);
    assertReset(last, REFUSED_STREAM);
    client.data(1, true, SOME);
    Frame answer = client.frameOf(1);
    assertThat(answer.type()).isEqualTo(RawHttp2Client.HEADERS);
  }
}
