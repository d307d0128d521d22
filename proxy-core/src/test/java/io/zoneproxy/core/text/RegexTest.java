package io.zoneproxy.core.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.model.policy.StringMatch.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expressions as Envoy takes them: RE2's, of the whole text, in linear time. */
final class RegexTest {
  private static final long NO_BOUND = 1_000_000;

  @ParameterizedTest
  @CsvSource({
    "a+,aaa,true",
    "a+,aab,false", // a part is not enough
    "a|ab,ab,true", // although the first branch fits a part
    "(?i)a.c,AbC,true",
    "a.c,'a\nc',false",
    "(?s)a.c,'a\nc',true",
    "'',x,false",
    "spiffe://[a-z-]+/(web|api),spiffe://default/api,true",
    "\\pL+,straße,true",
    "'.*&kuma.io/service=[^&]*web[,&].*','&kuma.io/service=api,web,x&kuma.io/zone=z&',true",
    "'.*&kuma.io/service=[^&]*web[,&].*','&kuma.io/service=website&',false",
  })
  void theWholeTextFits(String expression, String text, boolean fits) {
    assertThat(Regex.of(expression).matches(text)).isEqualTo(fits);
  }

  @Test
  void caseCountsWhateverIsSaidBesideTheExpression() {
    assertThat(TextTest.of(new StringMatch(Kind.REGEX, "a+", true)).test("A")).isFalse();
  }

  /** With an engine that goes back this would not end: the steps double with each letter. */
  @ParameterizedTest
  @ValueSource(strings = {"(x+x+)+y", "(x*)*y", "(x|xx)+y", "(.*)(.*)(.*)(.*)(.*)y"})
  void aTextChosenToTakeForEverDoesNot(String expression) {
    String text = "x".repeat(20_000);

    assertThat(Regex.of(expression).matches(text)).isFalse();
    assertThat(Regex.of(expression).matches(text + "y")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "(a,missing closing )",
    "a**,invalid nested repetition operator",
    "[b-a],invalid character class range",
    "a{1001},invalid repeat count",
    "(?=a),invalid or unsupported Perl syntax",
    "(a)\\1,invalid escape sequence",
  })
  void whatIsNoneOfRe2sIsRefusedWithItsFault(String expression, String fault) {
    assertThatThrownBy(() -> Regex.of(expression))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a regular expression of RE2; " + fault);
    assertThatThrownBy(() -> TextTest.of(new StringMatch(Kind.REGEX, expression, false)))
        .hasMessageStartingWith("regular expression " + expression + " (expected: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "((x{1000}){1000}){1000}",
        "(((((((x{9}){9}){9}){9}){9}){9}){9}){9}",
        "(?:(?:){1000}){1000}",
        "(?:[]\\]{}()]{1000}){1000}",
        "(\\Q(x\\E{1000}){1000}",
        "(\\x{41}{1000}){11}",
        "(x{0,1000}){0,9}",
      })
  void whatGrowsTooLargeIsRefusedBeforeItGrows(String expression) {
    assertThatThrownBy(() -> Regex.of(expression))
        .hasMessage("a regular expression of at most 10000 steps, repeats counted");
  }

  @Test
  void longAndDeepOnesAreRefused() {
    assertThatThrownBy(() -> Regex.of("x".repeat(10_000))).hasMessageContaining("10000 steps");
    assertThat(Regex.of("x".repeat(9_000)).isLarge()).isTrue();
    assertThat(Regex.of("x".repeat(900)).isLarge()).isFalse();
    assertThat(Regex.of(nested(100)).matches("x")).isTrue();
    assertThatThrownBy(() -> Regex.of(nested(101))).hasMessageContaining("100 parentheses");
  }

  private static String nested(int depth) {
    return "(".repeat(depth) + "x" + ")".repeat(depth);
  }

  /** Else the bound would let pass what it is there to keep out. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "abc",
        "a|b|c|d",
        "(a|b)*c+d?",
        "x{3}",
        "x{2,}",
        "x{2,5}",
        "x{0}",
        "(){50}",
        "(?:){50}",
        "(|){50}",
        "(?i)[a-z]{3}",
        "\\Qa(b{3}\\E+",
        "\\Qab",
        "[]a]{3}",
        "[^]a(]{3}",
        "[[:alpha:](]{2}",
        "[\\]({]{7}",
        "\\x{41}{3}",
        "\\p{Greek}{3}",
        "\\pL{30}",
        "a{,3}",
        "a{2",
        "a{x}",
        "a{00003}",
        "(x{0,30}){0,30}",
        "((a|b{3}){4}|c){5}",
        "^\\bfoo\\B$",
        ".*&kuma.io/service=[^&]*web[,&].*",
      })
  void theSizeIsNeverUnderestimated(String expression) {
    assertThat(RegexSize.of(expression, NO_BOUND).steps())
        .isGreaterThanOrEqualTo(Pattern.compile(expression).programSize());
  }

  @Test
  void aBracketThatNobodyOpenedIsLeftToTheCompiler() {
    assertThat(RegexSize.of("a)b", NO_BOUND)).isEqualTo(new RegexSize(5, 0));
    assertThat(RegexSize.of("[a", NO_BOUND).depth()).isZero();
    assertThat(RegexSize.of("a\\", NO_BOUND).depth()).isZero();
  }
}
