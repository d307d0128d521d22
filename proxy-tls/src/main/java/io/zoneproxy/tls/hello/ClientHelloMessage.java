package io.zoneproxy.tls.hello;

import io.netty.buffer.ByteBuf;
import io.zoneproxy.core.relay.Peek.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The grammar of one ClientHello message (RFC 8446 §4 and §4.1.2, RFC 6066 §3), fed in pieces.
 *
 * <p>It goes from one {@link Field} to the next. A field is a number that is gathered byte by byte;
 * {@link #taken} judges it and says how many bytes to pass over, unread, up to which field. Each
 * step takes its bytes off {@link #left} before they come, so a vector that is longer than what
 * holds it is refused by its length alone. Nothing of the input is kept but the server name.
 *
 * <p>Not judged is what does not bear on where the vectors lie: versions, cipher suites and what is
 * in the other extensions are between the client and the server.
 */
final class ClientHelloMessage {
  private static final int CLIENT_HELLO = 1; // RFC 8446 §4
  private static final int HEADER_BYTES = 4; // type and length, RFC 8446 §4
  private static final int VERSION_AND_RANDOM_BYTES = 2 + 32; // RFC 8446 §4.1.2
  private static final int MAX_SESSION_ID_BYTES = 32; // RFC 8446 §4.1.2
  private static final int CIPHER_SUITE_BYTES = 2; // RFC 8446 §4.1.2

  private static final int SERVER_NAME = 0; // ExtensionType, RFC 6066 §1.1
  private static final int HOST_NAME = 0; // NameType, RFC 6066 §3
  private static final int NAME_LIST_LENGTH_BYTES = 2; // RFC 6066 §3
  private static final int NAME_HEADER_BYTES = 1 + 2; // name_type and length, RFC 6066 §3

  /** Kuma's names hold a mesh and tags; a DNS name has 255 at most. */
  private static final int MAX_NAME_BYTES = 1024;

  private static final byte[] NONE = {};

  private final int maxBytes;
  private Field field = Field.MESSAGE_TYPE;
  private int missing = Field.MESSAGE_TYPE.bytes; // of the field
  private int value; // of the field, as far as it came
  private int skip; // bytes to pass over before the field
  private int left = HEADER_BYTES - Field.MESSAGE_TYPE.bytes; // behind the field, as announced
  private int nameListBytes;
  private byte[] name = NONE;
  private int nameBytes;

  /**
   * The extension types below 64 that were there, a bit each: none may come twice (RFC 8446 §4.2).
   * IANA gave nearly all types in use numbers below 64, server_name among them; to remember the
   * higher ones would cost up to 8 KiB a connection and would change no route.
   */
  private long seenTypes;

  /**
   * A message that was not seen yet.
   *
   * @param maxBytes longest message, its header of four bytes included
   */
  ClientHelloMessage(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Takes in the next bytes of the message; not to be called after another answer than MORE.
   *
   * @return MALFORMED also if {@code to} is beyond the end of the message; never NOT_TLS
   */
  Outcome advance(ByteBuf bytes, int from, int to) {
    int at = from;
    Outcome outcome = Outcome.MORE;
    while (outcome == Outcome.MORE) {
      int passed = Math.min(skip, to - at);
      skip -= passed;
      at += passed;
      if (field == Field.END && skip == 0) {
        return at == to ? Outcome.COMPLETE : Outcome.MALFORMED;
      }
      if (at == to) {
        return Outcome.MORE;
      }
      int part = Math.min(missing, to - at);
      outcome = gather(bytes, at, part);
      at += part;
    }
    return outcome;
  }

  /** The name, lower-cased, "" if there is none; known at the end of the message. */
  String serverName() {
    return new String(name, 0, nameBytes, StandardCharsets.US_ASCII);
  }

  private Outcome gather(ByteBuf bytes, int at, int part) {
    if (field == Field.NAME) {
      if (!gatherName(bytes, at, part)) {
        return Outcome.MALFORMED;
      }
    } else {
      gatherNumber(bytes, at, part);
    }
    missing -= part;
    return missing == 0 ? taken() : Outcome.MORE;
  }

  /** Nearly all come whole; taking them in one access is what keeps an ordinary hello cheap. */
  private void gatherNumber(ByteBuf bytes, int at, int part) {
    boolean whole = part == field.bytes;
    if (whole && part == Short.BYTES) {
      value = bytes.getUnsignedShort(at);
    } else if (whole && part == Integer.BYTES) {
      value = bytes.getInt(at);
    } else {
      for (int i = at; i < at + part; i++) {
        value = (value << Byte.SIZE) | bytes.getUnsignedByte(i);
      }
    }
  }

  /** Grows by what came, not by what was announced. */
  private boolean gatherName(ByteBuf bytes, int at, int part) {
    int end = nameBytes + part;
    if (end > name.length) {
      name = Arrays.copyOf(name, Math.min(nameBytes + missing, Math.max(end, 2 * nameBytes)));
    }
    bytes.getBytes(at, name, nameBytes, part);
    for (; nameBytes < end; nameBytes++) {
      byte character = name[nameBytes];
      if (character <= ' ' || character > '~') { // a byte over 0x7F is negative
        return false;
      }
      if (character >= 'A' && character <= 'Z') {
        // No locale: the Turkish one has another small i.
        name[nameBytes] = (byte) (character + ('a' - 'A'));
      }
    }
    return true;
  }

  /** The field is whole: what it means, and where to go on. */
  private Outcome taken() {
    return switch (field) {
      case MESSAGE_TYPE -> goOnIf(value == CLIENT_HELLO, Field.MESSAGE_LENGTH);
      case MESSAGE_LENGTH -> messageLength();
      case SESSION_ID_LENGTH ->
          passOverIf(value <= MAX_SESSION_ID_BYTES, Field.CIPHER_SUITES_LENGTH);
      case CIPHER_SUITES_LENGTH ->
          passOverIf(
              value > 0 && value % CIPHER_SUITE_BYTES == 0, Field.COMPRESSION_METHODS_LENGTH);
      case COMPRESSION_METHODS_LENGTH ->
          passOverIf(value > 0, value == left ? Field.END : Field.EXTENSIONS_LENGTH);
      case EXTENSIONS_LENGTH -> goOnIf(value == left, nextExtension(0));
      case EXTENSION_HEADER -> extension(value >>> Short.SIZE, Short.toUnsignedInt((short) value));
      case NAME_LIST_LENGTH -> goOnIf(value == nameListBytes, Field.NAME_TYPE);
      case NAME_TYPE -> goOnIf(value == HOST_NAME, Field.NAME_LENGTH);
      case NAME_LENGTH -> nameLength();
      case NAME -> goOnIf(true, nextExtension(0));
      case END -> throw new IllegalStateException("a field after the end");
    };
  }

  private Outcome messageLength() {
    if (value > maxBytes - HEADER_BYTES) {
      return Outcome.TOO_LONG;
    }
    left = value;
    return passOver(VERSION_AND_RANDOM_BYTES, Field.SESSION_ID_LENGTH);
  }

  private Outcome extension(int type, int length) {
    if (isSecond(type)) {
      return Outcome.MALFORMED;
    }
    if (type != SERVER_NAME) {
      return passOver(length, nextExtension(length));
    }
    nameListBytes = length - NAME_LIST_LENGTH_BYTES;
    return goOnIf(nameListBytes > NAME_HEADER_BYTES && length <= left, Field.NAME_LIST_LENGTH);
  }

  private boolean isSecond(int type) {
    if (type >= Long.SIZE) {
      return false;
    }
    long bit = 1L << type;
    boolean seen = (seenTypes & bit) != 0;
    seenTypes |= bit;
    return seen;
  }

  /** The name must fill its list: a second one, or none, is refused, never passed by. */
  private Outcome nameLength() {
    if (value != nameListBytes - NAME_HEADER_BYTES || value > MAX_NAME_BYTES) {
      return Outcome.MALFORMED;
    }
    return await(0, Field.NAME, value);
  }

  /** What comes after an extension's data of that length. */
  private Field nextExtension(int length) {
    return length == left ? Field.END : Field.EXTENSION_HEADER;
  }

  private Outcome goOnIf(boolean legal, Field next) {
    return legal ? passOver(0, next) : Outcome.MALFORMED;
  }

  /** Passes over a vector of as many bytes as the field says. */
  private Outcome passOverIf(boolean legal, Field next) {
    return legal ? passOver(value, next) : Outcome.MALFORMED;
  }

  private Outcome passOver(int length, Field next) {
    return await(length, next, next.bytes);
  }

  private Outcome await(int length, Field next, int bytes) {
    if (length + bytes > left) {
      return Outcome.MALFORMED;
    }
    left -= length + bytes;
    skip = length;
    field = next;
    missing = bytes;
    value = 0;
    return Outcome.MORE;
  }

  /** What is read of a ClientHello, in its order; all between is passed over. */
  private enum Field {
    // Handshake, RFC 8446 §4
    MESSAGE_TYPE(1),
    MESSAGE_LENGTH(3),
    // ClientHello, RFC 8446 §4.1.2
    SESSION_ID_LENGTH(1),
    CIPHER_SUITES_LENGTH(2),
    COMPRESSION_METHODS_LENGTH(1),
    /** Not there in a hello without extensions, as TLS 1.2 allows: RFC 5246 §7.4.1.2. */
    EXTENSIONS_LENGTH(2),
    // Extension, RFC 8446 §4.2
    /** Type and length, each of two bytes. */
    EXTENSION_HEADER(4),
    // ServerNameList, RFC 6066 §3
    NAME_LIST_LENGTH(2),
    NAME_TYPE(1),
    NAME_LENGTH(2),
    /** As long as its length says. */
    NAME(0),
    /** No field any more. */
    END(0);

    private final int bytes;

    Field(int bytes) {
      this.bytes = bytes;
    }
  }
}
