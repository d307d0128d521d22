package io.zoneproxy.egress.launch;

import io.zoneproxy.egress.EgressRole;
import io.zoneproxy.egress.MeshScopedRole;
import io.zoneproxy.ingress.IngressRole;
import io.zoneproxy.ingress.launch.DrivenProgram;
import io.zoneproxy.ingress.launch.Launcher;
import io.zoneproxy.ingress.logging.Logging;
import java.util.List;

/** The whole program: every proxy type, and the demo. */
public final class EgressMain {
  private EgressMain() {}

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] args) {
    Logging.prepare();
    Launcher launcher =
        new Launcher(
            "egress",
            List.of(new EgressRole(), new IngressRole(), new MeshScopedRole()),
            System.getenv(),
            System.in);
    launcher
        .add("demo", DemoCommand::new)
        .add("certificate", CertificateCommand::new)
        .controlPlane(new DrivenProgram());
    System.exit(launcher.run(args));
  }
}
