package io.zoneproxy.core.resource;

/**
 * Where something was written.
 *
 * @param file the file's path as the user gave it, or a word such as {@code standard input}
 * @param document its number in the file, from 1; 0 means the file as a whole
 * @param line in the file, from 1; 0 means the file as a whole
 */
public record Source(String file, int document, int line) {
  /** The file as a whole, for what concerns no line of it: it cannot be read, say. */
  public static Source ofFile(String file) {
    return new Source(file, 0, 0);
  }

  /** {@code zones.yaml:14 (document 2)}, or {@code zones.yaml} for the file as a whole. */
  @Override
  public String toString() {
    if (line == 0) {
      return file;
    }
    return file + ":" + line + " (document " + document + ")";
  }
}
