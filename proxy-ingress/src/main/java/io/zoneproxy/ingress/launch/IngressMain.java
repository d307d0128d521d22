package io.zoneproxy.ingress.launch;

import io.zoneproxy.ingress.DataplaneRole;
import io.zoneproxy.ingress.IngressRole;
import io.zoneproxy.ingress.logging.Logging;
import java.util.List;

/** The small jar: ingress only. */
public final class IngressMain {
  private IngressMain() {}

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] args) {
    Logging.prepare();
    Launcher launcher =
        new Launcher(
            "ingress", List.of(new IngressRole(), new DataplaneRole()), System.getenv(), System.in);
    System.exit(launcher.controlPlane(new DrivenProgram()).run(args));
  }
}
