package io.zoneproxy.egress.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Services, certificates, a folder and a world with free doors, for tests of what stands on it. */
final class RunningServices implements AutoCloseable {
  final DemoCertificates certificates;
  final DemoFolder folder;
  final DemoServices services;
  final DemoWorld world;
  final DemoClient client;

  RunningServices() throws IOException, GeneralSecurityException {
    certificates = DemoCertificates.create();
    folder = DemoFolder.create();
    certificates.writeTo(folder);
    services = DemoServices.start(certificates);
    world = new DemoWorld(folder.path(), services.instances(), freeDoors());
    client = DemoClient.of(services.loop(), certificates.authority(), certificates.client());
  }

  InetSocketAddress address(String instance) {
    return world.instances().stream()
        .filter(each -> each.name().equals(instance))
        .map(each -> new InetSocketAddress(InetAddress.getLoopbackAddress(), each.port()))
        .findFirst()
        .orElseThrow();
  }

  static Map<String, DemoWorld.Doors> freeDoors() throws IOException {
    List<InetSocketAddress> free = new ArrayList<>();
    List<ServerSocket> held = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      held.add(socket);
      free.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort()));
    }
    for (ServerSocket socket : held) {
      socket.close();
    }
    Map<String, DemoWorld.Doors> doors = new HashMap<>();
    doors.put("east", new DemoWorld.Doors(free.get(0), free.get(1)));
    doors.put("west", new DemoWorld.Doors(free.get(2), free.get(3)));
    return doors;
  }

  @Override
  public void close() throws IOException {
    client.close();
    services.close();
    folder.close();
  }
}
