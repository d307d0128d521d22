package io.zoneproxy.cp.lastgood;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** A file with a key for AES-256: 64 hexadecimal digits, as {@code openssl rand -hex 32} makes. */
final class KeyFile {
  private static final int DIGITS = 64;

  /** Room for white space; what is longer is no key. */
  private static final int MOST_BYTES = 1024;

  private KeyFile() {}

  static SecretKey read(Path file) throws IOException {
    String text;
    try (InputStream in = TrustedFile.open(file)) { // secrets of Kubernetes are symbolic links
      text = new String(in.readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1).strip();
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": does not exist (expected: a file with a key)", e);
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    if (text.length() != DIGITS || !text.chars().allMatch(HexFormat::isHexDigit)) {
      throw new IOException(
          file
              + ": "
              + text.length()
              + " characters that are no key (expected: 64 hexadecimal digits, for example from"
              + " openssl rand -hex 32)");
    }
    return new SecretKeySpec(HexFormat.of().parseHex(text), "AES");
  }
}
