package io.zoneproxy.ingress.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.TcpOptions;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.model.log.AccessLogSpec;
import io.zoneproxy.core.model.log.LogFormat;
import io.zoneproxy.core.model.log.LogTarget;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.observe.access.ChainAccessLogs;
import io.zoneproxy.core.observe.request.RequestObserver;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "paths are those of Unix")
final class ChainLogsTest {
  @Test
  void aLogThatNoChainNamesAnyMoreIsClosed(@TempDir Path folder) {
    Path kept = folder.resolve("kept.log");
    Path left = folder.resolve("left.log");
    try (ChainAccessLogs chains = new ChainAccessLogs(new ServerStats(), (to, record) -> {})) {
      ChainLogs logs = new ChainLogs(closed -> {}, RequestObserver.NONE, chains);
      logs.apply(logging(kept, left, kept));
      assertThat(chains.dropped()).containsOnlyKeys(kept.toString(), left.toString());

      logs.apply(logging(kept));
      assertThat(chains.dropped()).containsOnlyKeys(kept.toString());

      logs.apply(ProxySnapshot.EMPTY);
      assertThat(chains.dropped()).isEmpty();
    }
  }

  /** A chain for each file, and one that logs nothing. */
  private static ProxySnapshot logging(Path... files) {
    List<ChainSpec> chains =
        Stream.concat(
                Stream.of(files).map(file -> chain(relay(file))),
                Stream.of(chain(new Terminal.DirectResponse("none"))))
            .toList();
    HostPort address = new HostPort("127.0.0.1", 10_001);
    return new ProxySnapshot(
        List.of(new ListenerSpec("l", address, chains)),
        Map.of("c", new ClusterSpec("c", List.of(), ClusterPolicy.DEFAULT)),
        Map.of());
  }

  private static Terminal relay(Path file) {
    LogTarget target = new LogTarget.File(file.toString(), new LogFormat.Text("%DURATION%\n"));
    AccessLogSpec log = new AccessLogSpec(target, Optional.empty());
    return new Terminal.TcpProxy(
        new Destination.ToCluster("c", Map.of()),
        new TcpOptions(Optional.empty(), List.of(), List.of(log), false));
  }

  private static ChainSpec chain(Terminal end) {
    return new ChainSpec("", "a", TransportProtocol.TLS, Optional.empty(), List.of(), end);
  }
}
