package io.zoneproxy.core.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.Pipe;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Specs;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.relay.TestProxy;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PipeSocketTest {
  private TestProxy proxy;
  private Path file;

  @BeforeEach
  void start(@TempDir Path folder) {
    proxy = new TestProxy(ProxyConfig.withMaxConnections(10), 1);
    file = folder.resolve("s");
  }

  @AfterEach
  void close() {
    proxy.close();
  }

  private ProxySnapshot snapshot(Terminal end) {
    ChainSpec chain =
        new ChainSpec("", "", TransportProtocol.ANY, Optional.empty(), List.of(), end);
    ListenerSpec listener = new ListenerSpec("p", new Pipe(file.toString()), List.of(chain));
    return Specs.snapshot(List.of(listener), Specs.cluster("c", List.of()));
  }

  private String read() throws IOException {
    try (SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
      ByteBuffer bytes = ByteBuffer.allocate(100);
      while (socket.read(bytes) >= 0) {
        // until FIN
      }
      return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }
  }

  @Test
  void servesItsOwnerAndLeavesNoFile() throws Exception {
    proxy.apply(snapshot(new Terminal.DirectResponse("hello")));
    assertThat(read()).isEqualTo("hello");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.DONE);
    await().until(() -> proxy.runtime.openConnections() == 0);
    proxy.apply(snapshot(new Terminal.DirectResponse("other")));
    assertThat(read()).isEqualTo("other");
    proxy.runtime.closeListeners();
    assertThat(file).doesNotExist();
  }

  @Test
  void takesThePlaceOfASocketThatNobodyListensOn() throws Exception {
    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(file))
        .close();
    assertThat(file).exists();
    proxy.apply(snapshot(new Terminal.DirectResponse("hello")));
    assertThat(read()).isEqualTo("hello");
  }

  @Test
  void takesNothingFromSomebodyWhoListens() throws Exception {
    try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      other.bind(UnixDomainSocketAddress.of(file));
      assertThat(proxy.runtime.applyPartly(snapshot(new Terminal.DirectResponse("x"))).get("p"))
          .contains("in use");
      assertThat(file).exists();
    }
  }

  @Test
  void removesNoFileThatIsNoSocket() throws Exception {
    Files.writeString(file, "precious");
    assertThat(proxy.runtime.applyPartly(snapshot(new Terminal.DirectResponse("x"))).get("p"))
        .contains("a file that is no socket has this name");
    assertThat(file).hasContent("precious");
  }

  @Test
  void refusesToRelay() throws Exception {
    proxy.apply(snapshot(Terminal.TcpProxy.to(new Destination.ToCluster("c", Map.of()))));
    assertThat(read()).isEmpty();
    assertThat(proxy.nextClosed().reason()).isEqualTo(CloseReason.NOT_SUPPORTED);
    await().until(() -> proxy.runtime.openConnections() == 0);
  }
}
