package io.zoneproxy.egress.demo;

import io.zoneproxy.core.relay.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
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

  static Map<String, DemoWorld.Doors> freeDoors() {
    return Map.of(
        "east", new DemoWorld.Doors(freeDoor(), freeDoor()),
        "west", new DemoWorld.Doors(freeDoor(), freeDoor()));
  }

  private static InetSocketAddress freeDoor() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePort.onLoopback());
  }

  @Override
  public void close() throws IOException {
    client.close();
    services.close();
    folder.close();
  }
}
