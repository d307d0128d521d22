package io.zoneproxy.cp.lastgood;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** A file with a key for AES-256: 64 hexadecimal digits, as {@code openssl rand -hex 32} makes. */
final class KeyFile {
  private static final int DIGITS = 64;

  private KeyFile() {}

  static SecretKey read(Path file) throws IOException {
    String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip();
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
