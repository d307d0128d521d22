package io.zoneproxy.cp.ads;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the token comes from; asked for each stream, for files of tokens are rewritten. */
@FunctionalInterface
public interface TokenSource {
  /**
   * The token, without white space around it.
   *
   * @throws IOException when it cannot be read; the message says which file, never what is in it
   */
  String read() throws IOException;

  /** A file's text, read each time: whoever issues tokens writes a new one before the old ends. */
  static TokenSource file(Path path) {
    return () -> {
      String token;
      try {
        token = Files.readString(path).strip();
      } catch (IOException e) {
        throw new IOException("token file %s: not readable: %s".formatted(path, e), e);
      }
      if (token.isEmpty()) {
        throw new IOException("token file %s: empty (expected: a token)".formatted(path));
      }
      return token;
    };
  }
}
