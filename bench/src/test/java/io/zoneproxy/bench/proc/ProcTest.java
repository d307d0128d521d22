package io.zoneproxy.bench.proc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcTest {
  private static final String LINE =
      "42 (a ) b) S 1 42 42 0 -1 4194560 171 0 0 0 %d %d 900 800 20 0 3 0 1 2 3";

  private final Path root;

  ProcTest(@TempDir Path root) {
    this.root = root;
  }

  @Test
  void readsTicksBehindANameWithBrackets() {
    assertThat(ProcStat.parse(String.format(LINE, 1200, 34))).isEqualTo(new ProcStat(42, 1234));
  }

  @Test
  void refusesALineWithoutAName() {
    assertThatThrownBy(() -> ProcStat.parse("42 S 1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: PID");
  }

  @Test
  void sumsTheCpuOfProcessesAndLeavesOutThoseThatAreGone() throws IOException {
    write("42/stat", String.format(LINE, 150, 50));
    write("43/stat", String.format(LINE, 1, 0));

    assertThat(new Proc(root).cpuSeconds(List.of(42, 43, 44))).isEqualTo(2.01);
  }

  @Test
  void sumsMemoryAndThreads() throws IOException {
    write("42/status", "Name:\tjava\nVmRSS:\t   1000 kB\nThreads:\t9\n");
    write("43/status", "Name:\tjava\nVmRSS:\t   24 kB\nThreads:\t1\n");

    Proc proc = new Proc(root);
    assertThat(proc.residentBytes(List.of(42, 43))).isEqualTo(1024 * 1024);
    assertThat(proc.threads(List.of(42, 43, 44))).isEqualTo(10);
  }

  @Test
  void countsPipesAmongDescriptors() throws IOException {
    Path fds = Files.createDirectories(root.resolve("42/fd"));
    Files.createSymbolicLink(fds.resolve("0"), Path.of("pipe:[77]"));
    Files.createSymbolicLink(fds.resolve("1"), Path.of("pipe:[77]"));
    Files.createSymbolicLink(fds.resolve("2"), Path.of("socket:[78]"));

    assertThat(new Proc(root).descriptors(42)).isEqualTo(new Descriptors(3, 2));
    assertThat(new Proc(root).descriptors(43)).isEqualTo(new Descriptors(0, 0));
  }

  @Test
  void readsTheLineOfTcp() throws IOException {
    write(
        "net/sockstat",
        "sockets: used 59\nTCP: inuse 1 orphan 2 tw 67142 alloc 46 mem 3\nUDP: inuse 9 mem 9\n");

    SockStat sockets = new Proc(root).sockets();
    assertThat(sockets).isEqualTo(new SockStat(1, 2, 67142, 3));
    assertThat(sockets.memoryBytes()).isEqualTo(3 * 4096);
  }

  @Test
  void countsNothingWithoutALineOfTcp() {
    assertThat(new Proc(root).sockets()).isEqualTo(new SockStat(0, 0, 0, 0));
  }

  @Test
  void seesThisProcess() {
    List<Integer> own = List.of((int) ProcessHandle.current().pid());

    assertThat(Proc.HERE.cpuSeconds(own)).isPositive();
    assertThat(Proc.HERE.residentBytes(own)).isPositive();
    assertThat(Proc.HERE.threads(own)).isPositive();
    assertThat(Proc.HERE.descriptors(own.get(0)).open()).isPositive();
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
