package io.zoneproxy.ingress.translate;

/**
 * Levenshtein's distance from one text to many. It looks at a band of the table only, so a text
 * costs its length times the bound. For one thread: the rows are used again.
 */
final class EditDistance {
  private final String from;
  private int[] previous;
  private int[] current;

  EditDistance(String from) {
    this.from = from;
    this.previous = new int[from.length() + 1];
    this.current = new int[from.length() + 1];
  }

  /**
   * Insertions, deletions and replacements that make one text the other.
   *
   * @param bound at least 0
   * @return anything above the bound when it is more than the bound
   */
  int to(String text, int bound) {
    int tooFar = bound + 1;
    if (Math.abs(text.length() - from.length()) > bound) {
      return tooFar;
    }
    for (int column = 0; column <= Math.min(from.length(), tooFar); column++) {
      previous[column] = column;
    }
    int nearest = 0;
    for (int row = 1; row <= text.length() && nearest <= bound; row++) {
      nearest = fillRow(row, text.charAt(row - 1), tooFar);
      int[] filled = current;
      current = previous;
      previous = filled;
    }
    return nearest <= bound ? Math.min(previous[from.length()], tooFar) : tooFar;
  }

  /** Fills the band of one row; one cell to either side of it is too far, for the next row. */
  private int fillRow(int row, char letter, int tooFar) {
    int first = Math.max(1, row - tooFar + 1);
    int last = Math.min(from.length(), row + tooFar - 1);
    current[first - 1] = first == 1 ? row : tooFar;
    int nearest = current[first - 1];
    for (int column = first; column <= last; column++) {
      int replaced = previous[column - 1] + (from.charAt(column - 1) == letter ? 0 : 1);
      int inserted = Math.min(previous[column], current[column - 1]) + 1;
      current[column] = Math.min(tooFar, Math.min(replaced, inserted));
      nearest = Math.min(nearest, current[column]);
    }
    if (last < from.length()) {
      current[last + 1] = tooFar;
    }
    return nearest;
  }
}
