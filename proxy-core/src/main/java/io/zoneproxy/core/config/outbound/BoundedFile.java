package io.zoneproxy.core.config.outbound;

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

/** Reads small files. The messages of its exceptions are for the user. */
final class BoundedFile {
  private BoundedFile() {}

  /**
   * The text of a regular file; anything else, a pipe for example, could block for ever.
   *
   * @param most bytes
   */
  static String read(Path file, int most) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new IOException(file + ": is not a regular file (expected: a file)");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(most + 1);
      if (bytes.length > most) {
        throw new IOException(file + ": is too long (expected: at most " + most + " bytes)");
      }
      return decode(bytes);
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": no such file (expected: a file)", e);
    } catch (AccessDeniedException e) {
      throw new IOException(file + ": permission denied (expected: a file to read)", e);
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": is not UTF-8 text", e);
    }
  }

  private static String decode(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT)
        .decode(ByteBuffer.wrap(bytes))
        .toString();
  }
}
