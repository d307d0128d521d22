package io.zoneproxy.core.resource;

/**
 * Where something was written.
 *
 * @param file the file's path as the user gave it, or a word such as {@code standard input}
 * @param document its number in the file, from 1
 * @param line in the file, from 1
 */
public record Source(String file, int document, int line) {
  /** {@code zones.yaml:14 (document 2)}. */
  @Override
  public String toString() {
    return file + ":" + line + " (document " + document + ")";
  }
}
