package io.zoneproxy.ingress.train;

import io.zoneproxy.core.relay.portable.Transport;
import io.zoneproxy.ingress.logging.Logging;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The control plane of a training run as a program of its own. */
public final class TrainMain {
  private TrainMain() {}

  /**
   * Serves until its standard input ends, which it does with the program that has started it. Says
   * its address in one line.
   *
   * @param args the port of the proxy's listener; that of its admin listener; the file to write the
   *     CA to, PEM
   */
  public static void main(String[] args) throws IOException {
    Logging.configure("off", ""); // its output is read
    TrainControlPlane controlPlane =
        new TrainControlPlane(
            Transport.loops(1, "zoneproxy-train"),
            Integer.parseInt(args[0]),
            Integer.parseInt(args[1]));
    Files.writeString(Path.of(args[2]), controlPlane.trustedCa());
    System.out.println(controlPlane.address());
    System.in.transferTo(OutputStream.nullOutputStream()); // all threads are daemons: then it ends
  }
}
