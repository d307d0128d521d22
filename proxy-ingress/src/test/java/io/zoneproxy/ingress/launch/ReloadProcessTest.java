package io.zoneproxy.ingress.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.ingress.launch.Peers.EchoServer;
import io.zoneproxy.ingress.launch.Peers.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Resource files that change under a running process. */
@EnabledOnOs(OS.LINUX)
class ReloadProcessTest {

  private final Path folder;
  private final EchoServer echo = new EchoServer();
  private final World world;

  ReloadProcessTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    world = new World(folder, echo.port());
  }

  @AfterEach
  void closeEcho() throws IOException {
    echo.close();
  }

  @Test
  void aChangeIsSaidAndFeltAndTouchesNoLiveConnection() throws Exception {
    try (var program = RunningProgram.start(folder, world.flags()).awaitReady();
        Session live = new Session(world.port, World.BACKEND)) {
      world.write("more.yaml", World.dataplane("orders", echo.port()));
      program.awaitErr("configuration changed: 4 server names to 2 clusters");
      try (Session more = new Session(world.port, "orders{mesh=default}")) {
        more.exchange("new service");
      }
      live.exchange("still here");
      Files.delete(world.resources.resolve("more.yaml"));
      program.awaitErr("configuration changed: 2 server names to 1 clusters");
      live.exchange("and still");
    }
  }

  @Test
  void aBrokenFileIsNamedAndWhatWasInForceStays() throws Exception {
    try (var program = RunningProgram.start(folder, world.flags()).awaitReady()) {
      Path file = world.write("backend.yaml", World.dataplane("backend", 99_999));
      program.awaitErr(
          file + ":7 (document 1): networking.inbound[0].port: 99999 (expected: 1 to 65535)");
      try (Session session = new Session(world.port, World.BACKEND)) {
        session.exchange("the last good one");
      }
      assertThat(Peers.get(world.readiness, "/ready").status()).isEqualTo(200);
      assertThat(program.err()).doesNotContain("configuration changed");
      // Another file's change applies all the same.
      world.write("more.yaml", World.dataplane("orders", echo.port()));
      program.awaitErr("configuration changed: 4 server names to 2 clusters");
      // And the broken one comes back when it is mended.
      world.write("backend.yaml", World.dataplane("backend", echo.port() + 1));
      await()
          .until(
              () ->
                  Peers.get(world.admin, "/explain?sni=backend%7Bmesh%3Ddefault%7D")
                      .body()
                      .contains("127.0.0.1:" + (echo.port() + 1)));
    }
  }

  @Test
  void aCopyOfTheOwnResourceInTheFolderIsSaidWithBothPlaces() throws Exception {
    try (var program = RunningProgram.start(folder, world.flags()).awaitReady()) {
      Path copy = world.write("copy.yaml", world.ingress("ingress-1"));
      program.awaitErr(
          "%s:1 (document 1): name: ZoneIngress/ingress-1 stands at %s:1 (document 1) too"
              .formatted(copy, world.own));
      new Session(world.port, World.BACKEND).close();
    }
  }
}
