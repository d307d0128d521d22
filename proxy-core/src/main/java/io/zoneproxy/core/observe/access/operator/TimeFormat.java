package io.zoneproxy.core.observe.access.operator;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A form of a time as {@code strftime} has it, in the C locale, with what Envoy adds: {@code %s},
 * {@code %f}, {@code %3f} and the {@code %E…} of its time library. What is no specifier stands as
 * it is, as there.
 */
final class TimeFormat {
  /** Nanoseconds have as many digits. */
  private static final int DIGITS = 9;

  private static final int HUNDRED = 100;

  private static final int WEEK = 7;

  /** Specifiers that stand for several others. */
  private static final Map<Character, String> COMPOSED =
      Map.ofEntries(
          Map.entry('c', "%a %b %e %H:%M:%S %Y"),
          Map.entry('D', "%m/%d/%y"),
          Map.entry('F', "%Y-%m-%d"),
          Map.entry('r', "%I:%M:%S %p"),
          Map.entry('R', "%H:%M"),
          Map.entry('T', "%H:%M:%S"),
          Map.entry('x', "%m/%d/%y"),
          Map.entry('X', "%H:%M:%S"));

  private static final Map<Character, Piece> SIMPLE =
      Map.ofEntries(
          Map.entry('%', literal("%")),
          Map.entry('n', literal("\n")),
          Map.entry('t', literal("\t")),
          Map.entry('Y', (time, out) -> out.append(time.getYear())),
          Map.entry('C', number(2, '0', time -> time.getYear() / HUNDRED)),
          Map.entry('y', number(2, '0', time -> time.getYear() % HUNDRED)),
          Map.entry('m', number(2, '0', ZonedDateTime::getMonthValue)),
          Map.entry('d', number(2, '0', ZonedDateTime::getDayOfMonth)),
          Map.entry('e', number(2, ' ', ZonedDateTime::getDayOfMonth)),
          Map.entry('j', number(3, '0', ZonedDateTime::getDayOfYear)), // to 366
          Map.entry('H', number(2, '0', ZonedDateTime::getHour)),
          Map.entry('k', number(2, ' ', ZonedDateTime::getHour)),
          Map.entry('I', number(2, '0', TimeFormat::hourOfTwelve)),
          Map.entry('l', number(2, ' ', TimeFormat::hourOfTwelve)),
          Map.entry('M', number(2, '0', ZonedDateTime::getMinute)),
          Map.entry('S', number(2, '0', ZonedDateTime::getSecond)),
          Map.entry('s', (time, out) -> out.append(time.toEpochSecond())),
          Map.entry('f', (time, out) -> fraction(time, DIGITS, out)),
          Map.entry('p', (time, out) -> out.append(isMorning(time) ? "AM" : "PM")),
          Map.entry('P', (time, out) -> out.append(isMorning(time) ? "am" : "pm")),
          Map.entry('a', (time, out) -> out.append(day(time, TextStyle.SHORT))),
          Map.entry('A', (time, out) -> out.append(day(time, TextStyle.FULL))),
          Map.entry('b', (time, out) -> out.append(month(time, TextStyle.SHORT))),
          Map.entry('h', (time, out) -> out.append(month(time, TextStyle.SHORT))),
          Map.entry('B', (time, out) -> out.append(month(time, TextStyle.FULL))),
          Map.entry('u', number(1, '0', time -> time.getDayOfWeek().getValue())),
          Map.entry('w', number(1, '0', TimeFormat::daysAfterSunday)),
          Map.entry('U', number(2, '0', time -> week(time, daysAfterSunday(time)))),
          Map.entry('W', number(2, '0', time -> week(time, time.getDayOfWeek().getValue() - 1))),
          Map.entry('V', number(2, '0', time -> time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR))),
          Map.entry('G', (time, out) -> out.append(time.get(IsoFields.WEEK_BASED_YEAR))),
          Map.entry('g', number(2, '0', time -> time.get(IsoFields.WEEK_BASED_YEAR) % HUNDRED)),
          Map.entry('z', offset("+HHMM", "+0000")),
          Map.entry('Z', (time, out) -> out.append(zone(time))));

  /** What follows {@code %E}; digits before S and f are looked at apart. */
  private static final Map<String, Piece> EXTENDED =
      Map.of(
          "z", offset("+HH:MM", "+00:00"),
          "*z", offset("+HH:MM:SS", "+00:00:00"),
          "T", literal("T"),
          "4Y", number(4, '0', ZonedDateTime::getYear),
          "*S", seconds(0, true),
          "*f", (time, out) -> wholeFraction(time, true, out));

  private static final int LONGEST_EXTENDED = 2;

  private final List<Piece> pieces;
  private final ZoneId zone;

  private TimeFormat(List<Piece> pieces, ZoneId zone) {
    this.pieces = pieces;
    this.zone = zone;
  }

  private interface Piece {
    void append(ZonedDateTime time, StringBuilder out);
  }

  private interface Part {
    int of(ZonedDateTime time);
  }

  /**
   * Compiles a pattern.
   *
   * @param pattern "" is ISO 8601 with milliseconds
   */
  static TimeFormat of(String pattern, ZoneId zone) {
    String iso = zone.equals(ZoneOffset.UTC) ? "%Y-%m-%dT%H:%M:%E3SZ" : "%Y-%m-%dT%H:%M:%E3S%z";
    List<Piece> pieces = new ArrayList<>();
    parse(pattern.isEmpty() ? iso : pattern, pieces);
    return new TimeFormat(List.copyOf(pieces), zone);
  }

  /** The time in this form. */
  String format(Instant instant) {
    ZonedDateTime time = instant.atZone(zone);
    StringBuilder out = new StringBuilder();
    for (Piece piece : pieces) {
      piece.append(time, out);
    }
    return out.toString();
  }

  private static void parse(String pattern, List<Piece> pieces) {
    int at = 0;
    while (at < pattern.length()) {
      int percent = pattern.indexOf('%', at);
      if (percent < 0 || percent + 1 == pattern.length()) {
        pieces.add(literal(pattern.substring(at)));
        return;
      }
      if (percent > at) {
        pieces.add(literal(pattern.substring(at, percent)));
      }
      at = specifier(pattern, percent + 1, pieces);
    }
  }

  /** Adds the specifier whose first character is at {@code at}; returns where the next begins. */
  private static int specifier(String pattern, int at, List<Piece> pieces) {
    char first = pattern.charAt(at);
    if (first >= '1' && first <= '9' && pattern.startsWith("f", at + 1)) {
      int digits = first - '0';
      pieces.add((time, out) -> fraction(time, digits, out));
      return at + 2;
    }
    if (first == 'E') {
      int end = extended(pattern, at + 1, pieces);
      if (end > 0) {
        return end;
      }
    }
    String composed = COMPOSED.get(first);
    if (composed != null) {
      parse(composed, pieces);
    } else {
      pieces.add(SIMPLE.getOrDefault(first, literal("%" + first)));
    }
    return at + 1;
  }

  /** Adds what stands after {@code %E}; 0 when that is nothing known. */
  private static int extended(String pattern, int at, List<Piece> pieces) {
    for (int end = Math.min(at + LONGEST_EXTENDED, pattern.length()); end > at; end--) {
      Piece known = EXTENDED.get(pattern.substring(at, end));
      if (known != null) {
        pieces.add(known);
        return end;
      }
    }
    if (at + 1 < pattern.length() && Character.digit(pattern.charAt(at), DIGITS + 1) >= 0) {
      int digits = Math.min(pattern.charAt(at) - '0', DIGITS);
      char unit = pattern.charAt(at + 1);
      if (unit == 'S') {
        pieces.add(seconds(digits, false));
        return at + 2;
      } else if (unit == 'f') {
        pieces.add((time, out) -> fraction(time, digits, out));
        return at + 2;
      }
    }
    return 0;
  }

  private static Piece literal(String text) {
    return (time, out) -> out.append(text);
  }

  private static Piece number(int width, char padding, Part part) {
    return (time, out) -> padded(part.of(time), width, padding, out);
  }

  private static Piece offset(String pattern, String none) {
    DateTimeFormatter format =
        new DateTimeFormatterBuilder().appendOffset(pattern, none).toFormatter(Locale.ROOT);
    return format::formatTo;
  }

  private static Piece seconds(int digits, boolean all) {
    return (time, out) -> {
      padded(time.getSecond(), 2, '0', out);
      if (all) {
        wholeFraction(time, false, out);
      } else if (digits > 0) {
        out.append('.');
        fraction(time, digits, out);
      }
    };
  }

  private static void padded(long value, int width, char padding, StringBuilder out) {
    String digits = Long.toString(value);
    out.append(String.valueOf(padding).repeat(Math.max(0, width - digits.length()))).append(digits);
  }

  private static void fraction(ZonedDateTime time, int digits, StringBuilder out) {
    int at = out.length();
    padded(time.getNano(), DIGITS, '0', out);
    out.setLength(at + digits);
  }

  /** All digits but the zeros at the end; with none left 0 when it is bare, else no point too. */
  private static void wholeFraction(ZonedDateTime time, boolean bare, StringBuilder out) {
    if (time.getNano() == 0) {
      out.append(bare ? "0" : "");
      return;
    }
    out.append(bare ? "" : ".");
    fraction(time, DIGITS, out);
    while (out.charAt(out.length() - 1) == '0') {
      out.setLength(out.length() - 1);
    }
  }

  private static boolean isMorning(ZonedDateTime time) {
    return time.get(ChronoField.AMPM_OF_DAY) == 0;
  }

  private static int hourOfTwelve(ZonedDateTime time) {
    return time.get(ChronoField.CLOCK_HOUR_OF_AMPM);
  }

  private static int daysAfterSunday(ZonedDateTime time) {
    return time.getDayOfWeek().getValue() % WEEK;
  }

  /** The week of the year; 0 before the first day that begins one. */
  private static int week(ZonedDateTime time, int daysIntoWeek) {
    return (time.getDayOfYear() - 1 + WEEK - daysIntoWeek) / WEEK;
  }

  private static String day(ZonedDateTime time, TextStyle style) {
    return time.getDayOfWeek().getDisplayName(style, Locale.US);
  }

  private static String month(ZonedDateTime time, TextStyle style) {
    return time.getMonth().getDisplayName(style, Locale.US);
  }

  private static String zone(ZonedDateTime time) {
    return time.getZone().equals(ZoneOffset.UTC)
        ? "UTC"
        : DateTimeFormatter.ofPattern("zzz", Locale.US).format(time);
  }
}
