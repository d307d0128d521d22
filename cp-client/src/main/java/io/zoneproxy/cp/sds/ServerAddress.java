package io.zoneproxy.cp.sds;

import io.netty.util.NetUtil;
import io.zoneproxy.core.model.Address;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.core.model.Pipe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a server of secrets is: on this machine, for private keys come from it in plain text.
 *
 * @param socket to connect to
 * @param pipe its file; empty when it is a port of loopback
 * @param connectTimeout at least 1 ms
 */
record ServerAddress(SocketAddress socket, Optional<Path> pipe, Duration connectTimeout) {
  /** Envoy's default. */
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  // The mode of a file, stat(2).
  private static final int TYPE = 0xF000;
  private static final int SOCKET = 0xC000;
  private static final int STICKY = 0x200;
  private static final int OTHERS_WRITE = 2;

  /**
   * The first healthy endpoint of a cluster.
   *
   * @throws IOException when it is not for use, in words for operators
   */
  static ServerAddress of(ClusterSpec cluster) throws IOException {
    if (cluster.policy().tls().stream().anyMatch(choice -> choice.tls().isPresent())) {
      throw new IOException("transport_socket: TLS (expected: none, towards this machine)");
    }
    Address address =
        cluster.localities().stream()
            .sorted(Comparator.comparingInt(LocalityEndpoints::priority))
            .flatMap(locality -> locality.endpoints().stream())
            .filter(EndpointSpec::healthy)
            .map(EndpointSpec::address)
            .findFirst()
            .orElseThrow(() -> new IOException("load_assignment: no endpoint (expected: a pipe)"));
    Duration timeout = cluster.policy().connectTimeout().orElse(CONNECT_TIMEOUT);
    return address instanceof Pipe pipe
        ? of(pipe, timeout)
        : new ServerAddress(loopback((HostPort) address), Optional.empty(), timeout);
  }

  private static ServerAddress of(Pipe pipe, Duration timeout) throws IOException {
    try {
      Path file = Path.of(pipe.path());
      if (!file.isAbsolute()) {
        throw new IOException("pipe: " + pipe.path() + " (expected: an absolute path)");
      }
      return new ServerAddress(UnixDomainSocketAddress.of(file), Optional.of(file), timeout);
    } catch (InvalidPathException e) {
      throw new IOException("pipe: " + e.getMessage() + " (expected: an absolute path)", e);
    }
  }

  /** Anything else would show private keys to a network; a name would be asked of one. */
  private static SocketAddress loopback(HostPort at) throws IOException {
    InetAddress address = NetUtil.createInetAddressFromIpAddressString(at.host());
    if (address == null || !address.isLoopbackAddress()) {
      throw new IOException(
          "endpoint "
              + at
              + ": private keys would cross a network in plain text (expected: a"
              + " pipe, or an IP address of loopback)");
    }
    return new InetSocketAddress(address, at.port());
  }

  /**
   * Looks whether there is a socket, and whether the ways to it are kept by their owners: in a
   * directory where anybody may write, anybody could put a socket of his own there. A directory
   * with the sticky bit ({@code /tmp}) is taken, for what stands in it is its owner's. Who the
   * owner is does not matter: agents run under users of their own.
   *
   * @throws IOException when it should not be connected to, in words for operators
   */
  void check() throws IOException {
    if (pipe.isEmpty()) {
      return;
    }
    Path file = pipe.get();
    try {
      Path real = file.toRealPath();
      if ((mode(real) & TYPE) != SOCKET) {
        throw new IOException("no socket (expected: the socket of SPIRE's agent)");
      }
      requireKept(file.getParent());
      requireKept(real.getParent());
    } catch (NoSuchFileException e) {
      throw new IOException(
          "no such file (expected: the socket of SPIRE's agent: start the agent, or say where its"
              + " socket is, with KUMA_DATAPLANE_RUNTIME_SPIRE_SOCKET_PATH or in the control"
              + " plane's settings)",
          e);
    } catch (AccessDeniedException e) {
      throw new IOException(
          "permission denied (expected: directories that this process may enter)", e);
    }
  }

  private static void requireKept(@Nullable Path from) throws IOException {
    for (Path folder = from; folder != null; folder = folder.getParent()) {
      int mode = mode(folder);
      if ((mode & OTHERS_WRITE) != 0 && (mode & STICKY) == 0) {
        throw new IOException(
            "anybody could put another socket there: %s has mode %o (expected: chmod o-w)"
                .formatted(folder, mode & ~TYPE));
      }
    }
  }

  private static int mode(Path file) throws IOException {
    return (Integer) Files.getAttribute(file, "unix:mode");
  }

  /** For messages. */
  @Override
  public String toString() {
    return pipe.map(Path::toString).orElseGet(socket::toString);
  }
}
