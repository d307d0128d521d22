package io.zoneproxy.core.config;

import io.zoneproxy.core.config.yaml.YamlDocuments;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file's bytes and text, within a bound. The messages of its exceptions are for the user. */
final class FileText {
  /** 64 MiB: a character has a byte or more. */
  static final int MAX_BYTES = YamlDocuments.MAX_CHARS;

  private static final int BYTE_ORDER_MARK = 0xfeff;

  private FileText() {}

  /** Reads a regular file; anything else, a pipe for example, could block for ever. */
  static byte[] read(Path path) throws IOException {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new IOException("is not a regular file (expected: a file)");
    }
    try (InputStream in = Files.newInputStream(path)) {
      checkLength(Files.size(path)); // before there is memory for it
      return read(in);
    } catch (NoSuchFileException e) {
      throw new IOException("no such file", e);
    } catch (AccessDeniedException e) {
      throw new IOException("permission denied", e);
    }
  }

  /** Reads to the end; the caller closes. */
  static byte[] read(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    checkLength(bytes.length);
    return bytes;
  }

  private static void checkLength(long bytes) throws IOException {
    if (bytes > MAX_BYTES) {
      throw new IOException("is too long (expected: at most " + (MAX_BYTES >> 20) + " MiB)");
    }
  }

  /** UTF-8, with or without a byte order mark. */
  static String decode(byte[] bytes) throws IOException {
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString();
      boolean marked = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK;
      return marked ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new IOException("is not UTF-8 text", e);
    }
  }
}
