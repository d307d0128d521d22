package io.zoneproxy.core.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zoneproxy.core.relay.TestUpstream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a program that is not ours says of our HTTP/2. */
final class H2SpecTest {
  /** Of h2spec 2.2.0. */
  private static final int ALL = 145;

  /** How each is answered instead, and why, stands in docs/external-services.md. */
  private static final Set<String> NETTYS_OWN =
      Set.of("http2/5.1/6", "http2/5.1/12", "http2/5.1.1/2");

  /** Those that fail are asked once more, with patience: the machine may have been busy. */
  private static final int SECONDS = 1;

  private static final int PATIENT_SECONDS = 10;

  private final HttpProxyFixture proxy = new HttpProxyFixture();

  @AfterEach
  void stop() {
    proxy.close();
  }

  @Test
  void nothingFailsButWhatIsDocumented(@TempDir Path folder) throws Exception {
    assumeTrue(H2Spec.isMadeForHere(), "skipped: h2spec is for Linux on x86-64");
    H2Spec program = H2Spec.in(folder);
    assumeTrue(program.runs(), "skipped: a program cannot be run in " + folder);
    try (TestUpstream upstream =
        new TestUpstream(HttpUpstreams.answering(request -> HttpUpstreams.ok("0123456789")))) {
      InetSocketAddress address = proxy.serve(upstream.address());
      H2Spec.Report report = program.ask(address, SECONDS, List.of());
      assertThat(report.cases()).isEqualTo(ALL);
      List<String> failed = new ArrayList<>(report.failed());
      failed.removeAll(NETTYS_OWN);
      if (!failed.isEmpty()) {
        H2Spec.Report again = program.ask(address, PATIENT_SECONDS, failed);
        assertThat(again.output()).contains(failed.size() + " passed");
      }
    }
  }
}
