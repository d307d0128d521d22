package io.zoneproxy.core.text;

/**
 * A text for people, line by line: whatever others chose in a line, it stays one line and shows
 * nothing that a terminal would obey ({@link Visible}). For one thread.
 */
public final class Lines {
  private final StringBuilder text = new StringBuilder();

  /** Lines of a text that may be anybody's, each made visible. */
  public static String of(String text) {
    Lines lines = new Lines();
    text.lines().forEach(lines::add);
    return lines.toString();
  }

  /** Appends one line and ends it. */
  public Lines add(String line) {
    text.append(Visible.line(line)).append('\n');
    return this;
  }

  /** All of them. */
  @Override
  public String toString() {
    return text.toString();
  }
}
