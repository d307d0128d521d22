package io.zoneproxy.bench.side;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zoneproxy.bench.load.Work;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
  private static final Path OUT = Path.of("out");

  @Test
  void hasDefaults() {
    Options options = Options.parse(List.of(), OUT);

    assertThat(options.rounds()).isEqualTo(5);
    assertThat(options.minutes()).isEqualTo(10);
    assertThat(options.pace()).isEqualTo(Pace.FULL);
    assertThat(options.out()).isEqualTo(OUT);
    assertThat(options.peers()).isEmpty();
    assertThat(options.workloads()).isEmpty();
    assertThat(options.javaOptions()).isEmpty();
  }

  @Test
  void takesEachFlag() {
    Options options =
        Options.parse(
            List.of(
                "--rounds=7",
                "--workloads=bulk,idle",
                "--peers=nginx",
                "--seconds=2",
                "--minutes=3",
                "--out=here",
                "--java-opts=-Xmx1g -ea"),
            OUT);

    assertThat(options.rounds()).isEqualTo(7);
    assertThat(options.workloads()).containsExactly("bulk", "idle");
    assertThat(options.peers()).containsExactly("nginx");
    assertThat(options.pace().millis()).isEqualTo(2_000);
    assertThat(options.minutes()).isEqualTo(3);
    assertThat(options.out()).isEqualTo(Path.of("here").toAbsolutePath());
    assertThat(options.javaOptions()).isEqualTo("-Xmx1g -ea");
  }

  @Test
  void isQuickWithOneRound() {
    Options options = Options.parse(List.of("--quick"), OUT);

    assertThat(options.rounds()).isEqualTo(1);
    assertThat(options.pace()).isEqualTo(Pace.QUICK);
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    for (String bad : List.of("quick", "--fast", "--rounds=0", "--rounds=many", "--seconds=")) {
      assertThatThrownBy(() -> Options.parse(List.of(bad), OUT))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected:");
    }
  }

  @Test
  void countsConnectionsBeforeTheFirstIntervalOfAProcess() {
    assertThat(Pace.FULL.firstUnits(Work.Kind.CONNECT)).isEqualTo(40_000);
    assertThat(Pace.FULL.firstUnits(Work.Kind.DOWNLOAD)).isZero();
  }

  @Test
  void findsWorkloadsByTheBeginningOfTheirIds() {
    assertThat(Workloads.of(List.of("bulk-up", "idle")))
        .extracting(Workload::id)
        .containsExactly("bulk-up-1", "bulk-up-4", "bulk-up-64", "idle");
    assertThat(Workloads.all()).extracting(Workload::id).doesNotHaveDuplicates();
    assertThatThrownBy(() -> Workloads.of(List.of("bulk", "none")))
        .hasMessageContaining("none (expected:");
  }

  @Test
  void findsPeersByName() {
    List<Peer> all = Peers.all(Path.of("repository"), "");

    assertThat(Peers.of(all, List.of())).isEqualTo(all);
    assertThat(Peers.of(all, List.of("nginx"))).extracting(Peer::name).containsExactly("nginx");
    assertThatThrownBy(() -> Peers.of(all, List.of("squid"))).hasMessageContaining("expected:");
  }

  @Test
  void measuresOnlyWhatMakesSense() {
    Workload pushes = Workloads.of(List.of("pushes")).get(0);
    Workload twoLoops = Workloads.of(List.of("conn-64-2loops")).get(0);

    assertThat(Bench.applies(pushes, new Nginx())).isFalse();
    assertThat(Bench.applies(twoLoops, new Sniproxy())).isFalse();
    assertThat(Bench.applies(twoLoops, new Nginx())).isTrue();
    assertThat(Bench.applies(Samples.IDLE, new Direct())).isFalse();
    assertThat(Bench.applies(Samples.CONNECT, new Direct())).isTrue();
  }
}
