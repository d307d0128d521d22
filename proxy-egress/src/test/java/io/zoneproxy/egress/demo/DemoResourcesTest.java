package io.zoneproxy.egress.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

final class DemoResourcesTest {
  private static final DemoWorld WORLD =
      new DemoWorld(
          Path.of("/tmp/demo"),
          Stream.iterate(0, i -> i < DemoWorld.plan().size(), i -> i + 1)
              .map(i -> DemoWorld.plan().get(i).listeningOn(30_001 + i))
              .toList(),
          Map.of(
              "east", new DemoWorld.Doors(address(20_001), address(20_002)),
              "west", new DemoWorld.Doors(address(20_003), address(20_004))));

  private final DemoResources resources = new DemoResources(WORLD);

  @Test
  void aZoneIsToldOfBothZonesAndTheMesh() {
    List<Map<?, ?>> east = documents(resources.of("east"));

    assertThat(of(east, "Zone"))
        .extracting(zone -> at(zone, "name"))
        .containsExactly("east", "west");
    Map<?, ?> mesh = of(east, "Mesh").get(0);
    assertThat(at(mesh, "name")).isEqualTo("default");
    assertThat(at(mesh, "routing.zoneEgress")).isEqualTo(true);
    assertThat(at(mesh, "mtls.enabledBackend")).isEqualTo("demo-ca");
    assertThat(at(mesh, "mtls.backends.0.name")).isEqualTo("demo-ca");
  }

  @Test
  void anIngressAdvertisesWhatItBinds() {
    for (String zone : DemoWorld.ZONES) {
      List<Map<?, ?>> ingresses = of(documents(resources.of(zone)), "ZoneIngress");

      assertThat(ingresses).extracting(each -> at(each, "zone")).containsExactly("east", "west");
      assertThat(at(ingresses.get(1), "networking"))
          .isEqualTo(
              Map.of(
                  "address",
                  "127.0.0.1",
                  "port",
                  20_004,
                  "advertisedAddress",
                  "127.0.0.1",
                  "advertisedPort",
                  20_004));
    }
  }

  @Test
  void availableServicesHaveTagsMeshAndNumber() {
    Map<?, ?> west = documents(resources.ingress("west")).get(0);
    List<Map<?, ?>> available = new ArrayList<>();
    for (Object entry : (List<?>) at(west, "availableServices")) {
      available.add((Map<?, ?>) entry);
    }

    assertThat(available)
        .extracting(
            entry -> at(entry, "mesh"),
            entry -> (Object) tags(entry).get("kuma.io/service"),
            entry -> (Object) tags(entry).get("version"),
            entry -> at(entry, "instances"))
        .containsExactlyInAnyOrder(
            tuple("default", "echo", "v1", 2),
            tuple("default", "echo", "v2", 1),
            tuple("default", "ledger", "v1", 1));
    assertThat(available)
        .allSatisfy(each -> assertThat(tags(each).get("kuma.io/zone")).isEqualTo("west"));
  }

  @Test
  void aZoneKnowsItsOwnDataplanesOnly() {
    assertThat(of(documents(resources.of("east")), "Dataplane"))
        .extracting(each -> at(each, "name"), each -> at(each, "networking.inbound.0.port"))
        .containsExactly(tuple("echo-east-1", 30_001), tuple("echo-east-2", 30_002));
    Map<?, ?> first = of(documents(resources.of("west")), "Dataplane").get(0);
    assertThat(at(first, "mesh")).isEqualTo("default");
    assertThat(tags((Map<?, ?>) at(first, "networking.inbound.0")))
        .isEqualTo(WORLD.in("west").get(0).tags());
  }

  @Test
  void aMeshServicesTargetIsTheNameOfTheInbound() {
    List<Map<?, ?>> west = documents(resources.of("west"));
    Map<?, ?> inbound = (Map<?, ?>) at(of(west, "Dataplane").get(0), "networking.inbound.0");

    assertThat(of(west, "MeshService"))
        .extracting(each -> at(each, "name"))
        .containsExactly("echo", "ledger");
    Map<?, ?> echo = of(west, "MeshService").get(0);
    assertThat(at(echo, "spec.ports.0.port")).isEqualTo(80);
    assertThat(at(echo, "spec.ports.0.targetPort")).isEqualTo(inbound.get("name"));
    assertThat(at(echo, "spec.selector.dataplaneTags"))
        .isEqualTo(Map.of("kuma.io/service", "echo"));
  }

  @Test
  void aZonesEgressIsItsOwn() {
    List<Map<?, ?>> egresses = of(documents(resources.of("west")), "ZoneEgress");

    assertThat(egresses).hasSize(1);
    assertThat(at(egresses.get(0), "zone")).isEqualTo("west");
    assertThat(at(egresses.get(0), "networking.port")).isEqualTo(20_003);
    assertThat(documents(resources.egress("west"))).isEqualTo(egresses);
  }

  @Test
  void noTwoDocumentsHaveOneName() {
    for (String zone : DemoWorld.ZONES) {
      Set<String> names = new HashSet<>();
      for (Map<?, ?> document : documents(resources.of(zone))) {
        assertThat(names.add(document.get("type") + "/" + document.get("name"))).isTrue();
      }
    }
  }

  @Test
  void theFilesAreWhereTheWorldSaysAndHoldTheSame() throws Exception {
    try (DemoFolder folder = DemoFolder.create()) {
      DemoWorld world = new DemoWorld(folder.path(), WORLD.instances(), WORLD.doors());
      DemoResources written = new DemoResources(world);
      written.writeTo(folder);

      for (String zone : DemoWorld.ZONES) {
        List<Map<?, ?>> read = new ArrayList<>();
        try (Stream<Path> files = Files.list(world.resources(zone))) {
          for (Path file : files.sorted().toList()) {
            read.addAll(documents(Files.readString(file)));
          }
        }
        assertThat(read).containsExactlyInAnyOrderElementsOf(documents(written.of(zone)));
        assertThat(world.egressFile(zone)).hasContent(written.egress(zone));
        assertThat(world.ingressFile(zone)).hasContent(written.ingress(zone));
      }
    }
  }

  private static InetSocketAddress address(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static List<Map<?, ?>> documents(String yaml) {
    List<Map<?, ?>> found = new ArrayList<>();
    new Load(LoadSettings.builder().build())
        .loadAllFromString(yaml)
        .forEach(document -> found.add((Map<?, ?>) document));
    return found;
  }

  private static List<Map<?, ?>> of(List<Map<?, ?>> documents, String type) {
    List<Map<?, ?>> found = new ArrayList<>();
    for (Map<?, ?> document : documents) {
      if (type.equals(document.get("type"))) {
        found.add(document);
      }
    }
    return found;
  }

  private static Map<?, ?> tags(Map<?, ?> entry) {
    return (Map<?, ?>) at(entry, "tags");
  }

  /** Walks down by dots; a number is an index. Keys with dots in them: take the map above. */
  private static Object at(Map<?, ?> document, String path) {
    Object here = document;
    for (String step : path.split("\\.", -1)) {
      here =
          here instanceof List<?> list
              ? list.get(Integer.parseInt(step))
              : ((Map<?, ?>) here).get(step);
      assertThat(here).as(path).isNotNull();
    }
    return here;
  }
}
