package io.zoneproxy.egress.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.egress.demo.DemoWorld.Flow;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class DemoReportTest {
  private static final Flow TO_WEST = DemoWorld.flows().get(0);

  private static RunningServices running;
  private static DemoZoneProxies proxies;

  @BeforeAll
  static void start() throws Exception {
    running = new RunningServices();
    proxies = ForwardingProxies.start(running.world, new DemoConnections());
  }

  @AfterAll
  static void end() throws Exception {
    proxies.close();
    running.close();
  }

  @Test
  void theTableSaysWhoAnsweredHowOftenAndHowOftenItShould() {
    DemoTally tally = new DemoTally();
    answer(tally, "echo-west-1", 3);
    answer(tally, "echo-west-2", 1);

    List<String> lines = report().table(tally).lines().toList();
    assertThat(lines.get(1).split(" {2,}", -1))
        .containsExactly(
            "", "east -> west", "echo{mesh=default}", "echo-west-1 (v1)", "3", "75 %", "33 %");
    assertThat(lines.get(2)).contains("echo-west-2 (v1)").contains("25 %");
    assertThat(lines.get(3)).contains("echo-west-3 (v2)").contains("  0 %");
  }

  @Test
  void columnsAreAligned() {
    DemoTally tally = new DemoTally();
    answer(tally, "echo-west-1", 123_456);
    List<String> rows = report().table(tally).lines().takeWhile(line -> !line.isBlank()).toList();

    assertThat(rows).hasSize(10);
    assertThat(rows).allSatisfy(row -> assertThat(row).hasSameSizeAs(rows.get(0)));
    int column = rows.get(0).indexOf("server name");
    assertThat(rows.subList(1, rows.size()))
        .allSatisfy(row -> assertThat(row.substring(column)).matches("(echo|ledger)\\{.*"));
  }

  @Test
  void aShareOfNothingIsADash() {
    assertThat(report().table(new DemoTally())).contains("     -  ").doesNotContain("NaN");
  }

  @Test
  void totalsAreByDirectionAndFailuresHaveTheirWords() {
    DemoTally tally = new DemoTally();
    answer(tally, "echo-west-1", 2);
    tally.wrong(TO_WEST, "Connection refused");
    tally.wrong(TO_WEST, "Connection refused");

    assertThat(report().table(tally))
        .contains("east -> west: 4 requests, 2 answered rightly, 2 failed\n")
        .contains("west -> east: 0 requests, 0 answered rightly, 0 failed\n")
        .contains("failed 2 times: east -> west, echo{mesh=default}: Connection refused\n");
  }

  @Test
  void everythingIsAscii() {
    DemoReport report = report();
    String all =
        report.intro("http://127.0.0.1:1/") + report.table(new DemoTally()) + report.tryIt();

    assertThat(all).matches(Pattern.compile("[\\n -~]*"));
  }

  @Test
  void theIntroductionNamesEveryDoorAndEveryInstance() {
    String intro = report().intro("http://127.0.0.1:1/");

    for (String zone : DemoWorld.ZONES) {
      assertThat(intro)
          .contains("egress 127.0.0.1:" + proxies.egress(zone).getPort())
          .contains("ingress 127.0.0.1:" + proxies.ingress(zone).getPort());
    }
    assertThat(running.world.instances())
        .allSatisfy(instance -> assertThat(intro).contains(instance.name()));
    assertThat(intro).contains(running.folder.path().toString()).contains("http://127.0.0.1:1/");
  }

  @Test
  void theCurlCommandsWorkAsPrinted() throws Exception {
    Shell.assumeThere("curl");
    List<String> commands = commands(report().tryIt(), "curl ");

    assertThat(commands).hasSize(2);
    assertThat(commands.get(0)).contains(":127.0.0.1:" + proxies.egress("east").getPort());
    assertThat(Shell.run(commands.get(0)).output())
        .contains("zone: west")
        .contains("caller: spiffe://default/demo-client");
    assertThat(Shell.run(commands.get(1)).output()).contains("zone: east");
  }

  @Test
  void theOpensslCommandsWorkAsPrinted() throws Exception {
    Shell.assumeThere("openssl");
    List<String> commands = commands(report().tryIt(), "printf ");

    assertThat(commands).hasSize(2);
    Shell.Outcome first = Shell.run(commands.get(0));
    assertThat(first.output()).contains("zone: west").contains("service: echo");
    assertThat(first.code()).isZero();
    assertThat(Shell.run(commands.get(1)).output()).contains("zone: east").contains("version: v2");
  }

  @Test
  void curlIsShownTheIngressWhereAnEgressTakesTagFormsOnly() throws Exception {
    Shell.assumeThere("curl");
    DemoConnections seen = new DemoConnections();
    DemoWorld world =
        new DemoWorld(
            running.folder.path(), running.world.instances(), RunningServices.freeDoors());
    try (DemoZoneProxies strict = ForwardingProxies.startStrict(world, seen)) {
      List<String> commands = commands(new DemoReport(world, strict).tryIt(), "curl ");

      assertThat(commands.get(0)).contains(":127.0.0.1:" + strict.ingress("west").getPort());
      assertThat(Shell.run(commands.get(0)).output()).contains("zone: west");
    }
  }

  @Test
  void aFolderWithSpacesAndQuotesIsQuotedForTheShell() throws Exception {
    DemoWorld world =
        new DemoWorld(
            running.folder.path().resolve("it's $HOME here"),
            running.world.instances(),
            running.world.doors());
    String command = commands(new DemoReport(world, proxies).tryIt(), "curl ").get(0);
    List<String> words = new ArrayList<>();
    Pattern.compile("--cacert (.*?) --cert ")
        .matcher(command)
        .results()
        .map(MatchResult::group)
        .forEach(words::add);

    assertThat(
            Shell.run("printf %s " + words.get(0).split(" ", 2)[1].replace(" --cert ", ""))
                .output())
        .isEqualTo(world.folder() + "/ca.pem");
  }

  private static DemoReport report() {
    return new DemoReport(running.world, proxies);
  }

  private static void answer(DemoTally tally, String instance, int times) {
    for (int i = 0; i < times; i++) {
      tally.right(TO_WEST, instance);
    }
  }

  /** The commands of a text, each of them whole, over as many lines as it has. */
  private static List<String> commands(String text, String start) {
    List<String> found = new ArrayList<>();
    for (String block : text.split("\n#", -1)) {
      int at = block.indexOf("\n" + start);
      if (at >= 0) {
        found.add(block.substring(at + 1));
      }
    }
    return found;
  }
}
