package io.zoneproxy.core.text;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How large an expression becomes when it is compiled, found without compiling: {@code
 * ((x{1000}){1000}){1000}} would take all memory before its size could be asked for.
 *
 * @param steps at least as many as the program will have; counting ends above the bound
 * @param depth of parentheses inside each other
 */
record RegexSize(long steps, int depth) {
  private static final int GROUP = 2; // begin and end of what is captured
  private static final int REPEAT = 2; // a choice, and the way back
  private static final int FRAME = 3; // success, failure, and the whole when it is empty
  private static final int MOST_DIGITS = 4; // RE2 repeats at most 1000 times

  static RegexSize of(String expression, long bound) {
    Scan scan = new Scan(expression);
    while (scan.at < expression.length() && scan.steps() <= bound) {
      scan.next();
    }
    return new RegexSize(scan.steps(), scan.depth);
  }

  /** A group that is open: how much is in it, and how much its last part has. */
  private static final class Group {
    long sum;
    long last;

    void add(long part) {
      sum += part;
      last = part;
    }

    void repeat(long times) {
      long more = last * (times - 1) + times * REPEAT;
      sum += more;
      last += more;
    }
  }

  private static final class Scan {
    private final String text;
    private final Deque<Group> outer = new ArrayDeque<>();
    private Group inner = new Group();
    private long outside; // in the groups around the innermost one
    private int at;
    private int depth;

    Scan(String text) {
      this.text = text;
    }

    long steps() {
      return FRAME + outside + inner.sum;
    }

    void next() {
      char c = text.charAt(at);
      switch (c) {
        case '(' -> open();
        case ')' -> close();
        case '{' -> repeat();
        case '\\' -> escape();
        case '[' -> {
          inner.add(1);
          at = afterClass();
        }
        case '*', '+', '?', '|' -> {
          inner.repeat(1);
          at++;
        }
        default -> {
          inner.add(1);
          at++;
        }
      }
    }

    private void open() {
      outer.push(inner);
      outside += inner.sum;
      inner = new Group();
      depth = Math.max(depth, outer.size());
      at++;
    }

    private void close() {
      at++;
      if (!outer.isEmpty()) { // else the compiler will say so
        long whole = inner.sum + GROUP;
        inner = outer.pop();
        outside -= inner.sum;
        inner.add(whole);
      }
    }

    /** {@code {3}}, <code>{3,}</code> or {@code {3,5}}; any other brace stands for itself. */
    private void repeat() {
      int end = text.indexOf('}', at);
      String inside = end < 0 ? "" : text.substring(at + 1, end);
      int comma = inside.indexOf(',');
      String least = comma < 0 ? inside : inside.substring(0, comma);
      String most = comma < 0 ? "" : inside.substring(comma + 1);
      if (isNumber(least) && (most.isEmpty() || isNumber(most))) {
        inner.repeat(Math.max(1, Math.max(number(least), number(most))));
        at = end + 1;
      } else {
        inner.add(1);
        at++;
      }
    }

    private static boolean isNumber(String text) {
      return !text.isEmpty()
          && text.length() <= MOST_DIGITS
          && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static int number(String digits) {
      return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }

    private void escape() {
      if (text.startsWith("\\Q", at)) { // all of it is literal
        int end = text.indexOf("\\E", at);
        int stop = end < 0 ? text.length() : end;
        inner.sum += stop - at;
        inner.last = 1;
        at = end < 0 ? stop : end + 2;
        return;
      }
      inner.add(1);
      at = afterEscape(at);
    }

    /** After a backslash and what belongs to it: {@code \x{41}} and {@code \p{Greek}} are one. */
    private int afterEscape(int from) {
      char kind = from + 1 < text.length() ? text.charAt(from + 1) : 'n';
      boolean braces = kind == 'x' || kind == 'p' || kind == 'P';
      int end =
          braces && text.startsWith("{", from + 2) ? text.indexOf('}', from + 2) + 1 : from + 2;
      return Math.min(text.length(), Math.max(from + 2, end));
    }

    /** After a class; a bracket that is its first character stands for itself. */
    private int afterClass() {
      int from = text.startsWith("[^", at) ? at + 2 : at + 1;
      int i = text.startsWith("]", from) ? from + 1 : from;
      while (i < text.length() && text.charAt(i) != ']') {
        if (text.startsWith("[:", i) && text.indexOf(":]", i) > 0) {
          i = text.indexOf(":]", i) + 2;
        } else {
          i = text.charAt(i) == '\\' ? afterEscape(i) : i + 1;
        }
      }
      return Math.min(text.length(), i + 1);
    }
  }
}
