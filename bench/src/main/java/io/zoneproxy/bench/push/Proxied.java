package io.zoneproxy.bench.push;

import io.zoneproxy.bench.proc.Proc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The proxy's process. */
final class Proxied implements AutoCloseable {
  private static final int END_SECONDS = 5;

  private final Process process;
  private final Path log;
  private final long begunAt;

  private Proxied(Process process, Path log, long begunAt) {
    this.process = process;
    this.log = log;
    this.begunAt = begunAt;
  }

  static Proxied start(Peer peer, Plane plane) throws IOException {
    Path folder = Files.createTempDirectory("zoneproxy-bench");
    Path log = folder.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(peer.command(folder, plane))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(peer.environment());
    long begunAt = System.nanoTime();
    return new Proxied(builder.start(), log, begunAt);
  }

  long begunAt() {
    return begunAt;
  }

  private List<Integer> pids() {
    return List.of((int) process.pid()); // the launcher becomes what it launches
  }

  double cpuSeconds() {
    return Proc.HERE.cpuSeconds(pids());
  }

  double residentMegabytes() {
    return Proc.HERE.residentBytes(pids()) / 1e6;
  }

  void requireAlive() throws IOException {
    if (!process.isAlive()) {
      throw new IOException("the proxy has ended: " + Files.readString(log));
    }
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
