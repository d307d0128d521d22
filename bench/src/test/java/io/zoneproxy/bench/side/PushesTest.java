package io.zoneproxy.bench.side;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.config.ResourceFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PushesTest {
  private final Path folder;

  PushesTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void pushesUntilClosedAndTakesItsFileAway() throws IOException {
    Place place = new Place(folder, 7010, 7011, 9000, "a.example", 1);
    Path resources = Files.createDirectories(Zoneproxy.resources(place));
    try (Pushes pushes = Pushes.start(place)) {
      await().until(() -> pushes.written() > 3);
      assertThat(Files.readString(resources.resolve("pushed.yaml")))
          .contains("type: MeshService", "name: pushed-");
    }
    assertThat(resources).isEmptyDirectory();
  }

  @Test
  void whatZoneproxyIsGivenHasNoProblem() throws IOException {
    Place place = new Place(folder, 7010, 7011, 9000, "a.example", 1);
    new Zoneproxy(Path.of("/repository"), "").prepare(place);
    Files.writeString(
        Zoneproxy.resources(place).resolve("pushed.yaml"), Zoneproxy.service("pushed-1", 9000));

    assertThat(new ResourceFolder(Zoneproxy.resources(place)).load().problems()).isEmpty();
  }
}
