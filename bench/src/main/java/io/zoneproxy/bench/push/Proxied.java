package io.zoneproxy.bench.push;

import io.zoneproxy.bench.proc.Proc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The proxy's process, as a zone ingress of the control plane. */
final class Proxied implements AutoCloseable {
  private static final int READINESS_PORT = 20_902;
  private static final int ADMIN_PORT = 20_901;
  private static final int END_SECONDS = 5;

  private final Process process;
  private final Path log;
  private final long begunAt = System.nanoTime();

  private Proxied(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static Proxied start(Settings settings, Plane plane) throws IOException {
    Path folder = Files.createTempDirectory("zoneproxy-bench");
    Path file = folder.resolve("ingress.yaml");
    Files.writeString(
        file,
        """
        type: ZoneIngress
        name: ingress-1
        networking:
          address: 127.0.0.1
          port: %1$d
          advertisedAddress: 127.0.0.1
          advertisedPort: %1$d
          admin: {port: %2$d}
        """
            .formatted(settings.port(), ADMIN_PORT));
    Path token = folder.resolve("token");
    Files.writeString(token, "e30.e30.c2ln"); // the form of a JWT
    Path ca = folder.resolve("ca.pem");
    Files.writeString(ca, plane.ca());
    List<String> command = new ArrayList<>(settings.command());
    command.addAll(
        List.of(
            "--proxy-type=ingress",
            "--cp-address=" + plane.address(),
            "--ca-cert-file=" + ca,
            "--dataplane-token-file=" + token,
            "--dataplane-file=" + file,
            "--work-dir=" + folder,
            "--readiness-port=" + READINESS_PORT,
            "--concurrency=1",
            "--access-log=off",
            "--drain-time=1s"));
    Path log = folder.resolve("log");
    return new Proxied(
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start(),
        log);
  }

  long begunAt() {
    return begunAt;
  }

  List<Integer> pids() {
    return List.of((int) process.pid());
  }

  double cpuSeconds() {
    return Proc.HERE.cpuSeconds(pids());
  }

  void requireAlive() throws IOException {
    if (!process.isAlive()) {
      throw new IllegalStateException("the proxy has ended: " + Files.readString(log));
    }
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
