package io.zoneproxy.core.observe.access.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeFormatTest {
  private static final Instant TIME = Instant.parse("2026-03-04T05:06:07.089012300Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "%Y %C %y|2026 20 26",
        "%m %B %b %h|03 March Mar Mar",
        "%d %e %j|04  4 063",
        "%A %a %u %w|Wednesday Wed 3 3",
        "%H %k %I %l|05  5 05  5",
        "%M %S %p %P|06 07 AM am",
        "%D %F %x|03/04/26 2026-03-04 03/04/26",
        "%T %R %X %r|05:06:07 05:06 05:06:07 05:06:07 AM",
        "%c|Wed Mar  4 05:06:07 2026",
        "%U %W %V %G %g|09 09 10 2026 26",
        "%z %Ez %E*z %Z|+0000 +00:00 +00:00:00 UTC",
        "%s|1772600767",
        "%f %9f|089012300 089012300",
        "%1f %3f %6f|0 089 089012",
        "%E3S %E6S %E0S|07.089 07.089012 07",
        "%E*S %E*f %E3f|07.0890123 0890123 089",
        "%E4Y %ET|2026 T",
        "100%%|100%",
        "%Q %0f %|%Q %0f %",
        "at %H o'clock|at 05 o'clock",
      })
  void writesEverySpecifier(String pattern, String expected) {
    assertThat(TimeFormat.of(pattern, ZoneOffset.UTC).format(TIME)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"0, 12, AM", "11, 11, AM", "12, 12, PM", "23, 11, PM"})
  void knowsTheTwelveHours(int hour, String twelve, String half) {
    Instant time = TIME.atOffset(ZoneOffset.UTC).withHour(hour).toInstant();

    assertThat(TimeFormat.of("%I %p", ZoneOffset.UTC).format(time)).isEqualTo(twelve + ' ' + half);
  }

  @ParameterizedTest
  @CsvSource({
    "2023-01-01, 01 00 52 2022",
    "2024-12-30, 52 53 01 2025",
    "2026-01-01, 00 00 01 2026",
    "2028-12-31, 53 52 52 2028",
  })
  void countsWeeksFromSundayMondayAndAsIsoDoes(String day, String expected) {
    Instant time = Instant.parse(day + "T12:00:00Z");

    assertThat(TimeFormat.of("%U %W %V %G", ZoneOffset.UTC).format(time)).isEqualTo(expected);
  }

  @Test
  void aWholeSecondHasNoFraction() {
    Instant whole = Instant.parse("2026-03-04T05:06:07Z");

    assertThat(TimeFormat.of("%E*S %E*f %3f", ZoneOffset.UTC).format(whole)).isEqualTo("07 0 000");
    assertThat(TimeFormat.of("", ZoneOffset.UTC).format(whole))
        .isEqualTo("2026-03-04T05:06:07.000Z");
  }

  @Test
  void knowsOtherZones() {
    ZoneId zone = ZoneId.of("Asia/Kolkata");

    assertThat(TimeFormat.of("", zone).format(TIME)).isEqualTo("2026-03-04T10:36:07.089+0530");
    assertThat(TimeFormat.of("%Ez %Z", zone).format(TIME)).isEqualTo("+05:30 IST");
  }
}
