package io.zoneproxy.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A port that is a file. */
class UnixSocketTest {
  private final ControlLoop control = ControlLoop.nio();
  private final HttpPort port =
      new HttpPort(
          "admin socket",
          "a test",
          control.loop(),
          request -> CompletableFuture.completedFuture(Answer.text(Answer.OK, request.uri())),
          HttpLimits.DEFAULT);
  private Path folder;
  private Path socket;

  @BeforeEach
  void restrict(@TempDir Path temporary) throws IOException {
    folder = temporary;
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    socket = folder.resolve("kuma-envoy-admin.sock");
  }

  @AfterEach
  void close() {
    port.close();
    control.close();
  }

  @Test
  void servesThisUserAloneAndRemovesItsFile() throws Exception {
    port.start(socket);

    assertThat(get()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("/stats");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-------");
    port.close();
    assertThat(socket).doesNotExist();
  }

  @Test
  void makesTheFolderForThisUserAlone() throws Exception {
    socket = folder.resolve("work/kuma-envoy-admin.sock");
    port.start(socket);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("work"))))
        .isEqualTo("rwx------");
    assertThat(get()).endsWith("/stats");
  }

  @Test
  void takesThePlaceOfAnEndedProcess() throws Exception {
    try (ServerSocketChannel ended = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      ended.bind(UnixDomainSocketAddress.of(socket));
    } // closed, and its file is still there
    assertThat(socket).exists();
    port.start(socket);

    assertThat(get()).endsWith("/stats");
  }

  @Test
  void leavesALivingProcessAlone() throws Exception {
    try (ServerSocketChannel living = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      living.bind(UnixDomainSocketAddress.of(socket));

      assertThatThrownBy(() -> port.start(socket))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "admin socket "
                  + socket
                  + ": address in use by another process, or another port of this one (expected:"
                  + " another path, by a test; `ss -lxp` shows who has it)");
      assertThat(socket).exists();
    }
  }

  @Test
  void removesNothingButSockets() throws Exception {
    Files.writeString(socket, "precious");

    assertThatThrownBy(() -> port.start(socket))
        .hasMessage("admin socket " + socket + ": exists and is no socket");
    assertThat(socket).hasContent("precious");
  }

  @Test
  void wantsAFolderThatNobodyElseMayWriteInto() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwx---"));

    assertThatThrownBy(() -> port.start(socket))
        .hasMessage(
            "admin socket %s: others may write into %s: rwxrwx--- (expected: rwxr-xr-x or less;"
                + " chmod go-w)",
            socket, folder);
  }

  private String get() throws IOException {
    try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      client.connect(UnixDomainSocketAddress.of(socket));
      String request = "GET /stats HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
      client.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      ByteBuffer answer = ByteBuffer.allocate(4096);
      while (client.read(answer) >= 0) {}
      return new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
    }
  }
}
