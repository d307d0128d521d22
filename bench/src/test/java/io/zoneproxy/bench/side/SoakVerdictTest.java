package io.zoneproxy.bench.side;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zoneproxy.bench.proc.Descriptors;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class SoakVerdictTest {
  private static final SoakState BEGIN =
      new SoakState(new Descriptors(100, 40), 20, 80_000_000, 6_000_000, 10_000_000, 1_000_000);

  @Test
  void isContentWhenAllCameBack() {
    assertThat(SoakVerdict.faults(BEGIN, BEGIN, "INFO ready\n")).isEmpty();
  }

  @Test
  void isContentWithLessThanAtTheBeginning() {
    SoakState end = new SoakState(new Descriptors(1, 0), 1, 1, 1, 1, 0);

    assertThat(SoakVerdict.faults(BEGIN, end, "")).isEmpty();
  }

  @Test
  void namesEachThingThatDidNotComeBack() {
    SoakState end =
        new SoakState(
            new Descriptors(400, 240), 30, 180_000_000, 60_000_000, 90_000_000, 900_000_000);

    assertThat(SoakVerdict.faults(BEGIN, end, ""))
        .hasSize(7)
        .anySatisfy(line -> assertThat(line).startsWith("descriptors: 400").contains("100 + 16"))
        .anySatisfy(line -> assertThat(line).startsWith("heap bytes: 60,000,000"));
  }

  @Test
  void takesAWarningForAFault() {
    assertThat(SoakVerdict.faults(BEGIN, BEGIN, "12:00 INFO a\n12:01 WARN b\n"))
        .containsExactly("in the log: 12:01 WARN b");
  }

  @Test
  void readsTheHeapOfBothCollectors() throws IOException {
    assertThat(
            SoakState.heapBytes(
                """
                 def new generation   total 4928K, used 100K [0x00, 0x01, 0x02)
                  eden space 4416K,  86% used [0x00, 0x01, 0x02)
                 tenured generation   total 10944K, used 20K [0x00, 0x01, 0x02)
                 Metaspace       used 5012K, committed 5248K, reserved 1056768K
                """))
        .isEqualTo(120 * 1024);
    assertThat(SoakState.heapBytes(" garbage-first heap   total 256000K, used 7K [0x00)"))
        .isEqualTo(7 * 1024);
    assertThatThrownBy(() -> SoakState.heapBytes("no such process"))
        .hasMessageContaining("no such process");
  }

  @Test
  void readsWhatTheJvmCountsAsOther() throws IOException {
    assertThat(
            SoakState.directBytes(
                """
                -                     Other (reserved=100KB, committed=96KB)
                                            (malloc=100KB #13)
                """))
        .isEqualTo(96 * 1024);
  }
}
