package io.zoneproxy.ingress.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.ingress.flags.BareVariable;
import io.zoneproxy.ingress.flags.ControlPlaneOptions;
import io.zoneproxy.ingress.flags.IgnoredOptions;
import io.zoneproxy.ingress.flags.RunOptions;
import io.zoneproxy.ingress.flags.UsageException;
import io.zoneproxy.ingress.flags.Variables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** docs/configuration.md says of each flag what the program does with it. */
class ConfigurationDocTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "configuration.md");
  private static final Pattern FLAG = Pattern.compile("`(--[a-z-]+)`");
  private static final Pattern CODE = Pattern.compile("`([^`]*)`");
  private static final Pattern NUMBERS = Pattern.compile("(\\d+) to (\\d+)");
  private static final Pattern AT_LEAST = Pattern.compile("(\\d+ms) to 87600h");
  private static final int COLUMNS = 6;
  private static final int SHORT_COLUMNS = 3;

  /** A row of the tables: the document's words. */
  record Row(
      String flag,
      String variable,
      String defaultValue,
      String unit,
      String range,
      String meaning) {
    @Override
    public String toString() {
      return flag;
    }
  }

  static Stream<Row> rows() throws IOException {
    return read().values().stream();
  }

  private static Map<String, Row> read() throws IOException {
    Map<String, Row> rows = new LinkedHashMap<>();
    for (String line : Files.readAllLines(DOCUMENT)) {
      List<String> cells = cells(line);
      Matcher flag = FLAG.matcher(cells.get(0));
      if (cells.size() == COLUMNS && flag.find()) {
        Row row =
            new Row(
                flag.group(1),
                code(cells.get(1)),
                code(cells.get(2)),
                cells.get(3),
                cells.get(4),
                cells.get(5));
        assertThat(rows.put(row.flag, row)).as("twice: " + row).isNull();
      }
    }
    return rows;
  }

  /** The cells of a table's row; a bar in a cell is written with a backslash. */
  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    for (String cell : line.replaceAll("^\\||\\|$", "").split("(?<!\\\\)\\|", -1)) {
      cells.add(cell.strip());
    }
    return cells;
  }

  private static String code(String cell) {
    Matcher code = CODE.matcher(cell);
    return code.find() ? code.group(1) : "";
  }

  private static OptionSpec option(String flag) {
    return Objects.requireNonNull(VariablesTest.command().getCommandSpec().findOption(flag), flag);
  }

  @Test
  void hasEveryFlagAndNoOther() throws IOException {
    assertThat(read().keySet())
        .containsExactlyInAnyOrderElementsOf(
            VariablesTest.command().getCommandSpec().options().stream()
                .filter(option -> !option.hidden())
                .map(OptionSpec::longestName)
                .filter(name -> !name.equals("--help"))
                .toList());
  }

  /** Rows of three cells: flag or variable, variable or default, meaning. */
  private static List<List<String>> shortRows() throws IOException {
    List<List<String>> rows = new ArrayList<>();
    for (String line : Files.readAllLines(DOCUMENT)) {
      List<String> cells = cells(line);
      if (line.startsWith("|") && cells.size() == SHORT_COLUMNS) {
        rows.add(List.of(code(cells.get(0)), code(cells.get(1)), cells.get(2)));
      }
    }
    return rows;
  }

  @Test
  void namesEveryIgnoredFlagAndVariableWithItsReason() throws IOException {
    assertThat(shortRows())
        .containsAll(
            IgnoredOptions.all().stream()
                .map(each -> List.of(each.flag(), each.variable(), each.because()))
                .toList());
    assertThat(shortRows())
        .filteredOn(row -> row.get(0).startsWith("--"))
        .extracting(row -> row.get(0))
        .containsExactlyInAnyOrderElementsOf(
            IgnoredOptions.all().stream()
                .map(IgnoredOptions.Ignored::flag)
                .filter(flag -> !flag.isEmpty())
                .toList());
  }

  @Test
  void namesEveryVariableWithoutAFlagAndItsDefault() throws IOException {
    Map<String, String> documented = new LinkedHashMap<>();
    for (List<String> row : shortRows()) {
      documented.put(row.get(0), row.get(1).startsWith("config/") ? "" : row.get(1));
    }
    for (BareVariable variable : BareVariable.values()) {
      assertThat(documented).containsEntry(variable.variable(), variable.defaultValue());
    }
    assertThat(documented.keySet())
        .filteredOn(name -> name.startsWith("KUMA_"))
        .isSubsetOf(Stream.of(BareVariable.values()).map(BareVariable::variable).toList());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void namesTheVariable(Row row) {
    assertThat(row.variable).isEqualTo(Variables.all().getOrDefault(row.flag, ""));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void namesTheDefault(Row row) {
    assertThat(row.defaultValue)
        .isEqualTo(Objects.requireNonNullElse(option(row.flag).defaultValue(), ""));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void saysUnitRangeAndMeaning(Row row) {
    Class<?> type = option(row.flag).type();
    assertThat(row.unit.equals("duration")).isEqualTo(type == Duration.class);
    assertThat(NUMBERS.matcher(row.range).matches()).isEqualTo(type == int.class);
    assertThat(row.range).isNotEmpty();
    assertThat(row.meaning).isNotEmpty();
  }

  static Stream<Row> numbers() throws IOException {
    return rows().filter(row -> option(row.flag).type() == int.class);
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void bothEndsOfARangeAreTakenAndWhatIsBeyondIsNot(Row row) {
    Matcher range = NUMBERS.matcher(row.range);
    assertThat(range.matches()).isTrue();
    long least = Long.parseLong(range.group(1));
    long most = Long.parseLong(range.group(2));
    assertThat(isTaken(row.flag, String.valueOf(least))).isTrue();
    assertThat(isTaken(row.flag, String.valueOf(most))).isTrue();
    assertThat(isTaken(row.flag, String.valueOf(least - 1))).isFalse();
    assertThat(isTaken(row.flag, String.valueOf(most + 1))).isFalse();
  }

  static Stream<Row> durations() throws IOException {
    return rows().filter(row -> option(row.flag).type() == Duration.class);
  }

  @ParameterizedTest
  @MethodSource("durations")
  void aDurationsRangeIsTheTrueOne(Row row) {
    Matcher range = AT_LEAST.matcher(row.range);
    assertThat(isTaken(row.flag, "87600h")).isTrue();
    assertThat(isTaken(row.flag, "87601h")).isFalse();
    if (range.matches()) {
      assertThat(isTaken(row.flag, range.group(1))).isTrue();
      assertThat(isTaken(row.flag, "999us")).isFalse();
    } else {
      assertThat(row.range).matches("0s to 87600h(; 0s = .*)?");
      assertThat(isTaken(row.flag, "0s")).isTrue();
    }
  }

  static Stream<Row> words() throws IOException {
    return rows()
        .filter(
            row ->
                List.of("--log-level", "--access-log-format", "--removal-policy")
                    .contains(row.flag));
  }

  @ParameterizedTest
  @MethodSource("words")
  void eachWordOfARangeIsTaken(Row row) {
    Matcher word = CODE.matcher(row.range);
    int found = 0;
    while (word.find()) {
      assertThat(isTaken(row.flag, word.group(1))).as(word.group(1)).isTrue();
      found++;
    }
    assertThat(option(row.flag).paramLabel().split("\\|", -1)).hasSize(found);
    assertThat(isTaken(row.flag, "else")).isFalse();
  }

  /** Whether the flag's value passes both the reading and the check. */
  private static boolean isTaken(String flag, String value) {
    try {
      RunOptions options = new RunOptions();
      if (flag.startsWith("--last-known-good")) {
        CommandLine.populateCommand(new ControlPlaneOptions(), flag + "=" + value);
        return true;
      }
      CommandLine.populateCommand(options, flag + "=" + value);
      options.check();
      assertThat(options.proxyConfig()).isNotNull(); // its own checks agree
      return true;
    } catch (CommandLine.ParameterException | UsageException e) {
      return false;
    }
  }
}
