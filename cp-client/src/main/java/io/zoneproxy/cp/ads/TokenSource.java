package io.zoneproxy.cp.ads;

import java.io.IOException;

/** Where the token comes from; asked for each stream, for files of tokens are rewritten. */
@FunctionalInterface
public interface TokenSource {
  /**
   * The token, without white space around it.
   *
   * @throws IOException when it cannot be read; the message says which file, never what is in it
   */
  String read() throws IOException;
}
