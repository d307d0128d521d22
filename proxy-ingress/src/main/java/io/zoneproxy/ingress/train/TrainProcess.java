package io.zoneproxy.ingress.train;

import io.zoneproxy.ingress.flags.UsageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A control plane in a JVM of its own: what it is made of, some 600 classes, no proxy needs, and an
 * archive that had them would be resident with them.
 */
public final class TrainProcess implements AutoCloseable {
  private final Process process;
  private final String address;

  private TrainProcess(Process process, String address) {
    this.process = process;
    this.address = address;
  }

  /**
   * Returns when it listens.
   *
   * @param listener port of the proxy
   * @param admin port of the proxy's admin listener
   * @param ca where it writes the CA to be trusted, PEM
   * @throws UsageException if it does not start; it has said why
   */
  public static TrainProcess start(int listener, int admin, Path ca) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                TrainMain.class.getName(),
                String.valueOf(listener),
                String.valueOf(admin),
                ca.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String address = said.readLine();
    if (address == null) {
      throw new UsageException("train: its control plane did not start");
    }
    return new TrainProcess(process, address);
  }

  /** Where it is asked first. */
  public String address() {
    return address;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
