package io.zoneproxy.tls.hello;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * ClientHellos made by hand: the JDK refuses to send Kuma's server names, and no TLS library sends
 * what a hostile client may. What is not asked otherwise is a legal TLS 1.3 hello that a real
 * server answers. The same calls give the same bytes.
 *
 * <p>A <em>message</em> is a handshake message with its header of four bytes; what goes over the
 * wire are its {@link #records}. Numbers are cut to their width, so that lengths may lie.
 */
public final class ClientHellos {
  /** Record types, RFC 8446 §5.1. */
  public static final int CHANGE_CIPHER_SPEC = 20;

  public static final int ALERT = 21;
  public static final int HANDSHAKE = 22;
  public static final int APPLICATION_DATA = 23;

  /** Handshake message types, RFC 8446 §4. */
  public static final int CLIENT_HELLO = 1;

  public static final int FINISHED = 20;

  /** Extension types: IANA's registry "TLS ExtensionType Values". */
  public static final int SERVER_NAME = 0;

  public static final int PADDING = 21;

  /** The longest fragment of a record, RFC 8446 §5.1. */
  public static final int MAX_FRAGMENT_BYTES = 1 << 14;

  private static final int SUPPORTED_GROUPS = 10;
  private static final int SIGNATURE_ALGORITHMS = 13;
  private static final int EXTENDED_MASTER_SECRET = 23;
  private static final int SUPPORTED_VERSIONS = 43;
  private static final int PSK_KEY_EXCHANGE_MODES = 45;
  private static final int KEY_SHARE = 51;
  private static final int X25519 = 0x001d;
  private static final int X25519_MLKEM768 = 0x11ec;
  private static final int X25519_MLKEM768_BYTES = 1184 + 32;

  private ClientHellos() {}

  /** The message of a hello with this one name, each char a byte. */
  public static byte[] withServerName(String name) {
    return builder().serverName(name).message();
  }

  /** The message of a hello with extensions but no server_name. */
  public static byte[] withoutServerName() {
    return builder().message();
  }

  /** A hello with knobs. */
  public static Builder builder() {
    return new Builder();
  }

  /** A handshake message: the type, the length of the body, the body. */
  public static byte[] message(int type, byte[] body) {
    return concat(number(1, type), vector(3, body));
  }

  /**
   * A message in handshake records.
   *
   * @param cuts where a new record begins, ascending; 0 and the length of the message cut nothing
   *     off. Without cuts it is one record, which is legal up to {@link #MAX_FRAGMENT_BYTES}
   */
  public static byte[] records(byte[] message, int... cuts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int from = 0;
    for (int i = 0; i <= cuts.length; i++) {
      int to = i < cuts.length ? cuts[i] : message.length;
      if (to > from) {
        out.writeBytes(record(HANDSHAKE, Arrays.copyOfRange(message, from, to)));
      }
      from = to;
    }
    return out.toByteArray();
  }

  /** A message in handshake records of {@code bytes} bytes each, the last one of the rest. */
  public static byte[] recordsOf(byte[] message, int bytes) {
    int[] cuts = new int[(message.length - 1) / bytes];
    Arrays.setAll(cuts, i -> (i + 1) * bytes);
    return records(message, cuts);
  }

  /** One record of any type, which may be empty or too long. */
  public static byte[] record(int type, byte[] fragment) {
    return concat(number(1, type), number(2, 0x0301), vector(2, fragment));
  }

  /** One extension: type, length, data. */
  public static byte[] extension(int type, byte[] data) {
    return concat(number(2, type), vector(2, data));
  }

  /** One entry of a server_name list: type, length, name. */
  public static byte[] name(int type, String name) {
    return concat(number(1, type), vector(2, ascii(name)));
  }

  /** Data after its length in {@code width} bytes. */
  public static byte[] vector(int width, byte[] data) {
    return concat(number(width, data.length), data);
  }

  /** A number in {@code width} bytes, the high ones first. */
  public static byte[] number(int width, int value) {
    byte[] bytes = new byte[width];
    for (int i = 0; i < width; i++) {
      bytes[i] = (byte) (value >> (Byte.SIZE * (width - 1 - i)));
    }
    return bytes;
  }

  /** One after the other. */
  public static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** Each char as one byte. */
  public static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Bytes that differ from each other and stand in for random ones. */
  public static byte[] filler(int bytes) {
    byte[] filler = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      filler[i] = (byte) (i * 7 + 11);
    }
    return filler;
  }

  /** Knobs of a hello; each gives the builder back. Not for several threads. */
  public static final class Builder {
    private final List<byte[]> names = new ArrayList<>();
    private final List<byte[]> serverNameExtensions = new ArrayList<>();
    private final List<byte[]> others = new ArrayList<>();
    private byte[] sessionId = filler(32);
    private byte[] cipherSuites =
        concat(number(2, 0x1301), number(2, 0x1302), number(2, 0xc02b), number(2, 0xc02f));
    private byte[] compressionMethods = {0};
    private byte[] trailing = {};
    private boolean extensions = true;
    private boolean tls13 = true;
    private boolean postQuantum;
    private int bytes;

    private Builder() {}

    /** Adds a host_name; with a second one the list has two entries. */
    public Builder serverName(String name) {
      return serverName(0, name);
    }

    /** Adds an entry of this name type. */
    public Builder serverName(int type, String name) {
      names.add(name(type, name));
      return this;
    }

    /** Adds a server_name extension with this data; it comes before those of the names. */
    public Builder serverNameExtension(byte[] data) {
      serverNameExtensions.add(ClientHellos.extension(SERVER_NAME, data));
      return this;
    }

    /** Adds an extension behind the ordinary ones. */
    public Builder extension(int type, byte[] data) {
      others.add(ClientHellos.extension(type, data));
      return this;
    }

    /** Up to 32 bytes are legal; 32 otherwise. */
    public Builder sessionId(byte[] id) {
      sessionId = id;
      return this;
    }

    /** Two bytes a suite are legal. */
    public Builder cipherSuites(byte[] suites) {
      cipherSuites = suites;
      return this;
    }

    /** At least one byte is legal. */
    public Builder compressionMethods(byte[] methods) {
      compressionMethods = methods;
      return this;
    }

    /** Bytes behind the extensions, where nothing is legal. */
    public Builder trailing(byte[] data) {
      trailing = data;
      return this;
    }

    /** As a client of TLS 1.2: neither supported_versions nor key_share. */
    public Builder tls12() {
      tls13 = false;
      return this;
    }

    /** Adds a hybrid key share of 1,216 bytes, as browsers and Go send since 2024. */
    public Builder postQuantum() {
      postQuantum = true;
      return this;
    }

    /** No extensions block at all, not even an empty one. */
    public Builder withoutExtensions() {
      extensions = false;
      return this;
    }

    /** Pads the message, its header included, to so many bytes (RFC 7685). */
    public Builder paddedTo(int messageBytes) {
      bytes = messageBytes;
      return this;
    }

    /** The handshake message. */
    public byte[] message() {
      byte[] message = ClientHellos.message(CLIENT_HELLO, body(extensionList()));
      if (bytes == 0) {
        return message;
      }
      int padding = bytes - message.length - ClientHellos.extension(PADDING, new byte[0]).length;
      others.add(ClientHellos.extension(PADDING, new byte[padding]));
      bytes = 0;
      return message();
    }

    private byte[] body(byte[] extensionList) {
      return concat(
          number(2, 0x0303),
          filler(32),
          vector(1, sessionId),
          vector(2, cipherSuites),
          vector(1, compressionMethods),
          extensions ? vector(2, extensionList) : new byte[0],
          trailing);
    }

    private byte[] extensionList() {
      List<byte[]> list = new ArrayList<>(serverNameExtensions);
      if (!names.isEmpty()) {
        byte[] entries = concat(names.toArray(new byte[0][]));
        list.add(ClientHellos.extension(SERVER_NAME, vector(2, entries)));
      }
      list.add(ClientHellos.extension(EXTENDED_MASTER_SECRET, new byte[0]));
      list.add(ClientHellos.extension(SUPPORTED_GROUPS, vector(2, groups())));
      list.add(ClientHellos.extension(SIGNATURE_ALGORITHMS, vector(2, signatures())));
      if (tls13) {
        byte[] versions = concat(number(2, 0x0304), number(2, 0x0303));
        list.add(ClientHellos.extension(SUPPORTED_VERSIONS, vector(1, versions)));
        list.add(ClientHellos.extension(PSK_KEY_EXCHANGE_MODES, vector(1, new byte[] {1})));
        list.add(ClientHellos.extension(KEY_SHARE, vector(2, keyShares())));
      }
      list.addAll(others);
      return concat(list.toArray(new byte[0][]));
    }

    private byte[] groups() {
      byte[] secp256r1 = number(2, 0x0017);
      return postQuantum
          ? concat(number(2, X25519_MLKEM768), number(2, X25519), secp256r1)
          : concat(number(2, X25519), secp256r1);
    }

    /** ECDSA with P-256, RSA-PSS and RSA-PKCS1, each with SHA-256. */
    private static byte[] signatures() {
      return concat(number(2, 0x0403), number(2, 0x0804), number(2, 0x0401));
    }

    private byte[] keyShares() {
      byte[] classic = concat(number(2, X25519), vector(2, filler(32)));
      byte[] hybrid = concat(number(2, X25519_MLKEM768), vector(2, filler(X25519_MLKEM768_BYTES)));
      return postQuantum ? concat(hybrid, classic) : classic;
    }
  }
}
