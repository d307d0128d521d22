package io.zoneproxy.ingress.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class ServerNameSuggestionsTest {
  private static final List<String> KNOWN =
      List.of(
          "backend{mesh=default}",
          "backend{mesh=default,version=v1}",
          "backend{mesh=default,version=v2}",
          "backend{kuma.io/zone=east,mesh=default,version=v1}",
          "web{mesh=default}",
          "redis{mesh=team-a}",
          "ae10a8071b8a8eeb8.orders.8080.demo.ms",
          "sni.msvc.default.east.payments.http",
          "");

  @Test
  void aMistypedNameIsFoundFirst() {
    assertThat(nearest("bakcend{mesh=default}").get(0)).isEqualTo("backend{mesh=default}");
    assertThat(nearest("backend{mesh=defualt,version=v2}").get(0))
        .isEqualTo("backend{mesh=default,version=v2}");
  }

  @Test
  void caseDoesNotCount() {
    assertThat(nearest("BACKEND{MESH=DEFAULT,VERSION=V9}").get(0))
        .startsWith("backend{mesh=default,version=");
  }

  @Test
  void otherTagsAndOtherMeshesOfTheServiceAreFound() {
    assertThat(nearest("backend{mesh=payments-and-more,shard=17}"))
        .containsExactlyInAnyOrder(
            "backend{mesh=default}",
            "backend{mesh=default,version=v1}",
            "backend{mesh=default,version=v2}",
            "backend{kuma.io/zone=east,mesh=default,version=v1}");
    assertThat(nearest("redis{mesh=default}")).contains("redis{mesh=team-a}");
  }

  @Test
  void fewerDifferingTagsComeFirst() {
    assertThat(nearest("backend{kuma.io/zone=north-america,mesh=default,version=v1}"))
        .containsExactly(
            "backend{mesh=default,version=v1}",
            "backend{mesh=default}",
            "backend{kuma.io/zone=east,mesh=default,version=v1}",
            "backend{mesh=default,version=v2}");
  }

  @Test
  void theBareServiceIsEnough() {
    assertThat(nearest("backend").get(0)).isEqualTo("backend{mesh=default}");
    assertThat(nearest("back")).contains("backend{mesh=default}");
  }

  @Test
  void otherPortsAndOtherZonesOfAServiceAreFound() {
    assertThat(nearest("a0000000000000000.orders.9090.demo.ms"))
        .containsExactly("ae10a8071b8a8eeb8.orders.8080.demo.ms");
    assertThat(nearest("sni.msvc.default.north-america.payments.grpc"))
        .containsExactly("sni.msvc.default.east.payments.http");
  }

  @Test
  void nothingResemblesNothing() {
    assertThat(nearest("www.example.com")).isEmpty();
    assertThat(nearest("")).isEmpty();
    assertThat(nearest("{")).isEmpty();
    assertThat(nearest(".ms")).isEmpty();
    assertThat(nearest("sni.")).contains("sni.msvc.default.east.payments.http");
  }

  @Test
  void atMostFiveAreGiven() {
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      many.add("backend{mesh=default,version=v" + i + "}");
    }
    assertThat(ServerNameSuggestions.nearest("backend{mesh=default,version=w1}", many))
        .hasSize(ServerNameSuggestions.MAX)
        .startsWith("backend{mesh=default,version=v1}");
  }

  @Test
  void aHundredThousandNamesAndALongUnknownOneAreFine() {
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      many.add("service-" + i + "{kuma.io/zone=east,mesh=default,version=v" + i % 7 + "}");
    }
    // far above what it takes: it must not be quadratic
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          assertThat(
                  ServerNameSuggestions.nearest(
                      "service-777{kuma.io/zone=eats,mesh=default,version=v0}", many))
              .first()
              .isEqualTo("service-777{kuma.io/zone=east,mesh=default,version=v0}");
          assertThat(ServerNameSuggestions.nearest("x".repeat(60_000), many)).isEmpty();
        });
  }

  @Test
  void editDistanceIsLevenshteins() {
    assertThat(new EditDistance("kitten").to("sitting", 5)).isEqualTo(3);
    assertThat(new EditDistance("kitten").to("sitting", 3)).isEqualTo(3);
    assertThat(new EditDistance("kitten").to("sitting", 2)).isGreaterThan(2);
    assertThat(new EditDistance("abc").to("abc", 0)).isZero();
    assertThat(new EditDistance("abc").to("abd", 0)).isPositive();
    assertThat(new EditDistance("a").to("abcd", 3)).isEqualTo(3);
    assertThat(new EditDistance("abcd").to("bcde", 4)).isEqualTo(2);
  }

  @Test
  void editDistanceAgreesWithTheWholeTableWhateverTheBound() {
    List<String> words = List.of("", "a", "ab", "ba", "abab", "bbaa", "aabbab", "bababa", "abcabc");
    for (String from : words) {
      EditDistance edits = new EditDistance(from);
      for (String to : words) {
        int whole = wholeTable(from, to);
        for (int bound = 0; bound <= 7; bound++) {
          assertThat(edits.to(to, bound))
              .as("%s to %s within %d", from, to, bound)
              .isEqualTo(Math.min(whole, bound + 1));
        }
      }
    }
  }

  private static int wholeTable(String from, String to) {
    if (from.isEmpty() || to.isEmpty()) {
      return from.length() + to.length();
    }
    int same = from.charAt(0) == to.charAt(0) ? 0 : 1;
    return Math.min(
        same + wholeTable(from.substring(1), to.substring(1)),
        1 + Math.min(wholeTable(from.substring(1), to), wholeTable(from, to.substring(1))));
  }

  private static List<String> nearest(String unknown) {
    return ServerNameSuggestions.nearest(unknown, KNOWN);
  }
}
