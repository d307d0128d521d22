package io.zoneproxy.cp.sds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.Locality;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.core.model.Pipe;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServerAddressTest {
  private final Path folder;

  ServerAddressTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private static ClusterSpec cluster(EndpointSpec... endpoints) {
    LocalityEndpoints all = new LocalityEndpoints(new Locality("", "", ""), 0, List.of(endpoints));
    return new ClusterSpec("agent", List.of(all), ClusterPolicy.DEFAULT);
  }

  private static EndpointSpec pipe(Path at) {
    return new EndpointSpec(new Pipe(at.toString()), 1, Map.of());
  }

  private static EndpointSpec port(String host) {
    return new EndpointSpec(new HostPort(host, 8081), 1, Map.of());
  }

  private static ServerSocketChannel listen(Path at) throws IOException {
    ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    socket.bind(UnixDomainSocketAddress.of(at));
    return socket;
  }

  @Test
  void aSocketInADirectoryOfItsOwnersIsTaken() throws Exception {
    Path file = folder.resolve("agent.sock");
    try (ServerSocketChannel socket = listen(file)) {
      assertThat(socket.isOpen()).isTrue();
      ServerAddress address = ServerAddress.of(cluster(pipe(file)));
      address.check();
      assertThat(address).hasToString(file.toString());
      assertThat(address.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
    }
  }

  @Test
  void aSocketThatAnybodyCouldReplaceIsNotTakenBehindALinkEither() throws Exception {
    Path open = Files.createDirectory(folder.resolve("open"));
    Path file = open.resolve("agent.sock");
    Path link = folder.resolve("link.sock");
    Files.createSymbolicLink(link, file);
    try (ServerSocketChannel socket = listen(file)) {
      assertThat(socket.isOpen()).isTrue();
      Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
      for (Path each : List.of(file, link)) {
        ServerAddress address = ServerAddress.of(cluster(pipe(each)));
        assertThatThrownBy(address::check)
            .isInstanceOf(IOException.class)
            .hasMessageContainingAll(open.toString(), "777", "chmod o-w");
      }
      Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
      ServerAddress.of(cluster(pipe(link))).check();
    }
  }

  @Test
  void aLinkInADirectoryOfAnybodysIsNotTaken() throws Exception {
    Path file = folder.resolve("agent.sock");
    Path open = Files.createDirectory(folder.resolve("open"));
    Path link = Files.createSymbolicLink(open.resolve("link.sock"), file);
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    try (ServerSocketChannel socket = listen(file)) {
      assertThat(socket.isOpen()).isTrue();
      ServerAddress address = ServerAddress.of(cluster(pipe(link)));
      assertThatThrownBy(address::check).hasMessageContaining(open.toString());
    }
  }

  @Test
  void aRelativePathIsNotTaken() {
    assertThatThrownBy(() -> ServerAddress.of(cluster(pipe(Path.of("agent.sock")))))
        .hasMessage("pipe: agent.sock (expected: an absolute path)");
  }

  @Test
  void onlyLoopbackIsTakenOfPorts() throws Exception {
    assertThat(ServerAddress.of(cluster(port("127.0.0.1")))).hasToString("/127.0.0.1:8081");
    assertThat(ServerAddress.of(cluster(port("::1"))).pipe()).isEmpty();
    for (String host : List.of("10.0.0.1", "agent.example", "localhost")) {
      assertThatThrownBy(() -> ServerAddress.of(cluster(port(host))))
          .hasMessageContainingAll(host, "loopback");
    }
  }

  @Test
  void aClusterWithoutEndpointsIsSaid() {
    assertThatThrownBy(() -> ServerAddress.of(cluster())).hasMessageContaining("no endpoint");
  }
}
