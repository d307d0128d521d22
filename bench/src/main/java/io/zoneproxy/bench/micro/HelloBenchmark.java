package io.zoneproxy.bench.micro;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.zoneproxy.core.config.HelloLimits;
import io.zoneproxy.core.relay.Peek;
import io.zoneproxy.tls.hello.ClientHelloParser;
import io.zoneproxy.tls.hello.ClientHellos;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The ClientHello parser, from the first byte to the server name or to the refusal. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls @Setup first
public class HelloBenchmark { // JMH extends it
  /** What comes over the wire. */
  @Param public Shape shape;

  private ByteBuf bytes;

  /** Puts the hello where the relay has it: into memory outside the heap. */
  @Setup
  public void write() {
    byte[] hello = shape.bytes();
    bytes = Unpooled.directBuffer(hello.length).writeBytes(hello);
  }

  /** Gives the memory back. */
  @TearDown
  public void release() {
    bytes.release();
  }

  /** A parser a connection, as in the proxy; an outcome other than COMPLETE is the result, too. */
  @Benchmark
  public Object parse() {
    Peek parser = new ClientHelloParser(HelloLimits.DEFAULT);
    Peek.Outcome outcome = parser.advance(bytes);
    return outcome == Peek.Outcome.COMPLETE ? parser.serverName() : outcome;
  }

  /** The ClientHellos tried. */
  public enum Shape {
    /** 512 bytes, what BoringSSL pads to, in one record. */
    ONE_RECORD(Peek.Outcome.COMPLETE),
    /** 1.8 kB with a hybrid key share, as browsers and Go send. */
    POST_QUANTUM(Peek.Outcome.COMPLETE),
    /** The same, in 3 records. */
    THREE_RECORDS(Peek.Outcome.COMPLETE),
    /** The same, in 100 records. */
    HUNDRED_RECORDS(Peek.Outcome.COMPLETE),
    /** 16 KiB in one record: the longest that is let in. */
    LONGEST(Peek.Outcome.COMPLETE),
    /** The same, each byte in a record of its own: 96 KiB on the wire, the most that may come. */
    ONE_BYTE_RECORDS(Peek.Outcome.COMPLETE),
    /** Another handshake message than a ClientHello: refused at its sixth byte. */
    MALFORMED_EARLY(Peek.Outcome.MALFORMED),
    /** Plain HTTP: refused at its first byte. */
    NOT_TLS(Peek.Outcome.NOT_TLS);

    private static final String NAME = "service-012345{mesh=default}";
    private static final int PLAIN_BYTES = 512;
    private static final int POST_QUANTUM_BYTES = 1800;

    final Peek.Outcome outcome;

    Shape(Peek.Outcome outcome) {
      this.outcome = outcome;
    }

    byte[] bytes() {
      return switch (this) {
        case ONE_RECORD -> ClientHellos.records(plain());
        case POST_QUANTUM -> ClientHellos.records(postQuantum());
        case THREE_RECORDS -> ClientHellos.recordsOf(postQuantum(), POST_QUANTUM_BYTES / 3);
        case HUNDRED_RECORDS -> ClientHellos.recordsOf(postQuantum(), POST_QUANTUM_BYTES / 100);
        case LONGEST -> ClientHellos.records(longest());
        case ONE_BYTE_RECORDS -> ClientHellos.recordsOf(longest(), 1);
        case MALFORMED_EARLY ->
            ClientHellos.records(ClientHellos.message(ClientHellos.FINISHED, plain()));
        case NOT_TLS -> ClientHellos.ascii("GET / HTTP/1.1\r\n\r\n");
      };
    }

    private static byte[] plain() {
      return ClientHellos.builder().serverName(NAME).paddedTo(PLAIN_BYTES).message();
    }

    private static byte[] postQuantum() {
      return ClientHellos.builder()
          .serverName(NAME)
          .postQuantum()
          .paddedTo(POST_QUANTUM_BYTES)
          .message();
    }

    private static byte[] longest() {
      return ClientHellos.builder()
          .serverName(NAME)
          .paddedTo(HelloLimits.DEFAULT.maxHandshakeBytes())
          .message();
    }
  }
}
