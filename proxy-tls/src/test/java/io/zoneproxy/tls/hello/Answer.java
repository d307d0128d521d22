package io.zoneproxy.tls.hello;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.zoneproxy.core.config.HelloLimits;
import io.zoneproxy.core.relay.Peek.Outcome;
import java.time.Duration;

/**
 * What a parser says of a stream.
 *
 * @param serverName "" unless complete
 * @param helloBytes 0 unless complete
 */
record Answer(Outcome outcome, String serverName, int helloBytes) {

  static Answer complete(String serverName, int helloBytes) {
    return new Answer(Outcome.COMPLETE, serverName, helloBytes);
  }

  /** The whole stream in one segment. */
  static Answer to(byte[] stream) {
    return to(stream, HelloLimits.DEFAULT);
  }

  static Answer to(byte[] stream, HelloLimits limits) {
    ClientHelloParser parser = new ClientHelloParser(limits);
    return of(parser, parser.advance(Unpooled.wrappedBuffer(stream)));
  }

  /** The stream in two segments; either may be empty. */
  static Answer toCut(byte[] stream, int cut) {
    ClientHelloParser parser = new ClientHelloParser(HelloLimits.DEFAULT);
    ByteBuf bytes = Unpooled.wrappedBuffer(stream);
    parser.advance(bytes.slice(0, cut));
    return of(parser, parser.advance(bytes.slice(cut, stream.length - cut)));
  }

  /** The stream in segments of so many bytes, also beyond a final answer. */
  static Answer toSegmentsOf(int size, byte[] stream) {
    ClientHelloParser parser = new ClientHelloParser(HelloLimits.DEFAULT);
    ByteBuf bytes = Unpooled.wrappedBuffer(stream);
    Outcome outcome = Outcome.MORE;
    for (int at = 0; at < stream.length; at += size) {
      outcome = parser.advance(bytes.slice(at, Math.min(size, stream.length - at)));
    }
    return of(parser, outcome);
  }

  static HelloLimits limits(int maxHandshakeBytes, int maxBytes) {
    return new HelloLimits(Duration.ofSeconds(1), maxHandshakeBytes, maxBytes);
  }

  private static Answer of(ClientHelloParser parser, Outcome outcome) {
    return outcome == Outcome.COMPLETE
        ? complete(parser.serverName(), parser.helloBytes())
        : new Answer(outcome, "", 0);
  }
}
