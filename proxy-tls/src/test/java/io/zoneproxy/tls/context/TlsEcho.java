package io.zoneproxy.tls.context;

import io.zoneproxy.core.model.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A server of the JDK's TLS that sends everything back. */
final class TlsEcho implements AutoCloseable {
  final List<String> serverNames = new CopyOnWriteArrayList<>();
  private final SSLServerSocket server;

  TlsEcho(SSLContext context) throws IOException {
    server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread accepting = new Thread(this::accept, "tls-echo");
    accepting.setDaemon(true);
    accepting.start();
  }

  HostPort address() {
    return new HostPort("127.0.0.1", server.getLocalPort());
  }

  private void accept() {
    while (true) {
      try (SSLSocket socket = (SSLSocket) server.accept()) {
        socket.setSoTimeout(20_000);
        socket.startHandshake();
        ((ExtendedSSLSession) socket.getSession())
            .getRequestedServerNames()
            .forEach(name -> serverNames.add(((SNIHostName) name).getAsciiName()));
        socket.getInputStream().transferTo(socket.getOutputStream());
      } catch (IOException e) {
        if (server.isClosed()) {
          return;
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
