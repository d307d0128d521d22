package io.zoneproxy.core.resource;

/**
 * Something wrong, or odd, in what a user wrote.
 *
 * @param severity whether the document is refused
 * @param source where
 * @param field path of the field, for example {@code networking.inbound[0].port}; "" for the whole
 *     document
 * @param message the offending value, what was expected and what to do
 */
public record Problem(Severity severity, Source source, String field, String message) {
  /** What becomes of the document. */
  public enum Severity {
    /** It is refused. */
    ERROR,
    /** It is taken, but somebody should look at it. */
    WARNING
  }

  /** A problem that refuses the document. */
  public static Problem error(Source source, String field, String message) {
    return new Problem(Severity.ERROR, source, field, message);
  }

  /** A problem that does not. */
  public static Problem warning(Source source, String field, String message) {
    return new Problem(Severity.WARNING, source, field, message);
  }

  /**
   * One line: {@code zones.yaml:14 (document 2): networking.port: 99999 (expected: 1 to 65535)}.
   */
  @Override
  public String toString() {
    return source + ": " + (field.isEmpty() ? "" : field + ": ") + message;
  }
}
