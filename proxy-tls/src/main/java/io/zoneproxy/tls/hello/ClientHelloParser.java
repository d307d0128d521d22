package io.zoneproxy.tls.hello;

import io.netty.buffer.ByteBuf;
import io.zoneproxy.core.config.HelloLimits;
import io.zoneproxy.core.relay.Peek;

/**
 * Reads the first TLS records of a connection up to the end of the ClientHello. This class takes
 * the record headers off (RFC 8446 §5.1) and hands what they frame to {@link ClientHelloMessage},
 * which knows the grammar. Both go on where they stopped, so the answer is the same however the
 * stream is cut into segments and the message into records, and the work is linear in the bytes.
 *
 * <p>What begins with a record type of TLS (20 to 23) and the major version 3 is TLS; all else is
 * {@link Outcome#NOT_TLS}, an SSLv2 hello too. TLS that does not begin with one whole ClientHello,
 * alone in its handshake records, is {@link Outcome#MALFORMED}: that goes for an alert, a
 * change_cipher_spec or application data before the end of the message, for an empty record, and
 * for a further handshake message in the last record, where none may stand before the server has
 * answered. Later records, such as early data, are not looked at.
 *
 * <p>{@link Outcome#TOO_LONG} is said as early as it is known: by the length that the message
 * announces, or when as many bytes came as may be buffered and the message is not whole.
 *
 * <p>One instance a connection, used on its event loop only.
 */
public final class ClientHelloParser implements Peek {
  // ContentType, RFC 8446 §5.1
  private static final int CHANGE_CIPHER_SPEC = 20;
  private static final int HANDSHAKE = 22;
  private static final int APPLICATION_DATA = 23;

  /** The same from SSL 3.0 to TLS 1.3; the minor version is to be ignored, RFC 8446 §5.1. */
  private static final int MAJOR = 3;

  /** The longest fragment of a record in the clear, RFC 8446 §5.1. */
  private static final int MAX_FRAGMENT_BYTES = 1 << 14;

  private final int maxBytes;
  private final ClientHelloMessage message;
  private Outcome outcome = Outcome.MORE;
  private int takenBytes;
  private boolean firstRecord = true;
  private Header next = Header.CONTENT_TYPE;
  private int contentType;
  private int lengthHigh;
  private int fragmentBytes; // of the current record, still to come

  /** A parser for one connection. Its time is kept by the caller, not here. */
  public ClientHelloParser(HelloLimits limits) {
    maxBytes = limits.maxBytes();
    message = new ClientHelloMessage(limits.maxHandshakeBytes());
  }

  /** Makes parsers that share these limits; any thread may use it. */
  public static Peek.Factory factory(HelloLimits limits) {
    return () -> new ClientHelloParser(limits);
  }

  @Override
  public Outcome advance(ByteBuf bytes) {
    int start = bytes.readerIndex();
    int end = start + Math.min(bytes.readableBytes(), maxBytes - takenBytes);
    int at = start;
    while (outcome == Outcome.MORE && at < end) {
      if (fragmentBytes == 0) {
        outcome = header(bytes.getUnsignedByte(at));
        at++;
      } else {
        int part = Math.min(fragmentBytes, end - at);
        fragmentBytes -= part;
        outcome = fragment(bytes, at, at + part);
        at += part;
      }
    }
    takenBytes += at - start;
    if (outcome == Outcome.MORE && takenBytes == maxBytes) {
      outcome = Outcome.TOO_LONG;
    }
    return outcome;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException before {@link Outcome#COMPLETE}: a "" would pass for a hello
   *     without a name
   */
  @Override
  public String serverName() {
    checkComplete();
    return message.serverName();
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException before {@link Outcome#COMPLETE}
   */
  @Override
  public int helloBytes() {
    checkComplete();
    return takenBytes;
  }

  /** Judges each byte of a record header at once, for the next may never come. */
  private Outcome header(int value) {
    return switch (next) {
      case CONTENT_TYPE -> contentType(value);
      case MAJOR_VERSION -> majorVersion(value);
      case MINOR_VERSION -> await(Header.LENGTH_HIGH);
      case LENGTH_HIGH -> lengthHigh(value);
      case LENGTH_LOW -> length((lengthHigh << Byte.SIZE) | value);
    };
  }

  private Outcome contentType(int value) {
    if (firstRecord && (value < CHANGE_CIPHER_SPEC || value > APPLICATION_DATA)) {
      return Outcome.NOT_TLS;
    }
    if (!firstRecord && value != HANDSHAKE) {
      return Outcome.MALFORMED; // RFC 8446 §5.1: nothing between the records of a message
    }
    contentType = value;
    return await(Header.MAJOR_VERSION);
  }

  private Outcome majorVersion(int value) {
    if (value != MAJOR) {
      return firstRecord ? Outcome.NOT_TLS : Outcome.MALFORMED;
    }
    return contentType == HANDSHAKE ? await(Header.MINOR_VERSION) : Outcome.MALFORMED;
  }

  private Outcome lengthHigh(int value) {
    lengthHigh = value;
    return await(Header.LENGTH_LOW);
  }

  private Outcome length(int value) {
    if (value == 0 || value > MAX_FRAGMENT_BYTES) {
      return Outcome.MALFORMED;
    }
    firstRecord = false;
    fragmentBytes = value;
    return await(Header.CONTENT_TYPE);
  }

  private Outcome await(Header part) {
    next = part;
    return Outcome.MORE;
  }

  private Outcome fragment(ByteBuf bytes, int from, int to) {
    Outcome result = message.advance(bytes, from, to);
    return result == Outcome.COMPLETE && fragmentBytes > 0 ? Outcome.MALFORMED : result;
  }

  private void checkComplete() {
    if (outcome != Outcome.COMPLETE) {
      throw new IllegalStateException("ClientHello: " + outcome + " (expected: COMPLETE)");
    }
  }

  /** The bytes of a record header, RFC 8446 §5.1, in their order. */
  private enum Header {
    CONTENT_TYPE,
    MAJOR_VERSION,
    MINOR_VERSION,
    LENGTH_HIGH,
    LENGTH_LOW
  }
}
