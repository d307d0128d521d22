package io.zoneproxy.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResourceWatcherTest {
  /** What is promised is 2 s; the machine may be busy. */
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Path path;
  private final Folder files;
  private final ResourceFolder folder;
  private final List<Loaded> told = new CopyOnWriteArrayList<>();

  ResourceWatcherTest(@TempDir Path path) {
    this.path = path;
    this.files = new Folder(path);
    this.folder = new ResourceFolder(path);
    files.write("a.yaml", Folder.zones("a1"));
    folder.load();
  }

  @Test
  void readsAChangeOnceItIsSettled() {
    ResourceWatcher watcher = new ResourceWatcher(folder, told::add);
    watcher.poll();
    files.write("b.yaml", Folder.zones("b"));
    watcher.poll(); // sees it
    files.write("b.yaml", Folder.zones("b1", "b2"));
    watcher.poll(); // sees that it goes on
    assertThat(told).isEmpty();
    watcher.poll();
    assertThat(told).extracting(Folder::names).containsExactly("a1 b1 b2");
    watcher.poll();
    watcher.poll();
    assertThat(told).hasSize(1);
  }

  @Test
  void readsAFolderThatNeverComesToRest() {
    ResourceWatcher watcher = new ResourceWatcher(folder, told::add);
    for (int look = 0; look < 5; look++) {
      assertThat(told).isEmpty();
      files.write("b.yaml", Folder.zones("b" + "x".repeat(look)));
      watcher.poll();
    }
    assertThat(told).extracting(Folder::names).containsExactly("a1 bxxxx");
  }

  @Test
  void forgetsAChangeThatWasTakenBack() {
    ResourceWatcher watcher = new ResourceWatcher(folder, told::add);
    files.write("b.yaml", Folder.zones("b1"));
    watcher.poll();
    files.delete("b.yaml");
    watcher.poll();
    watcher.poll();
    assertThat(told).isEmpty();
  }

  @Test
  void noticesWhatChangedBeforeItWasMade() {
    files.write("b.yaml", Folder.zones("b1"));
    ResourceWatcher watcher = new ResourceWatcher(folder, told::add);
    watcher.poll();
    watcher.poll();
    assertThat(told).extracting(Folder::names).containsExactly("a1 b1");
  }

  @Test
  void tellsAProblemOncePerChange() {
    ResourceWatcher watcher = new ResourceWatcher(folder, told::add);
    files.write("a.yaml", "[");
    for (int i = 0; i < 5; i++) {
      watcher.poll();
    }
    assertThat(told).hasSize(1);
    assertThat(told.get(0).hasErrors()).isTrue();
    assertThat(told.get(0).changed()).isFalse();
    assertThat(Folder.names(told.get(0))).isEqualTo("a1");
  }

  @Test
  void saysNothingOfAFileThatChangedInNoWayThatMatters() {
    ResourceWatcher watcher = new ResourceWatcher(folder, told::add);
    files.write("a.yaml", Folder.zones("a1") + "# a comment at the end\n");
    watcher.poll();
    watcher.poll();
    watcher.poll();
    assertThat(told).isEmpty();
  }

  @Test
  void tellsOnceThatTheFolderVanishedAndOnceThatItIsBack() {
    Folder inner = new Folder(path.resolve("inner"));
    assertThat(inner.path().toFile().mkdir()).isTrue();
    inner.write("a.yaml", Folder.zones("a1"));
    ResourceFolder vanishing = new ResourceFolder(inner.path());
    vanishing.load();
    ResourceWatcher watcher = new ResourceWatcher(vanishing, told::add);
    files.rename("inner", "elsewhere");
    for (int i = 0; i < 4; i++) {
      watcher.poll();
    }
    assertThat(told).singleElement().extracting(Folder::names).isEqualTo("a1");
    files.rename("elsewhere", "inner");
    for (int i = 0; i < 4; i++) {
      watcher.poll();
    }
    assertThat(told).hasSize(2);
    assertThat(told.get(1).hasErrors()).isFalse();
    assertThat(told.get(1).changed()).isFalse();
  }

  @Test
  void followsEveryKindOfChangeInTime() {
    try (ResourceWatcher watcher = new ResourceWatcher(folder, told::add)) {
      watcher.start();
      files.write("b.yaml", Folder.zones("b1"));
      awaitNames("a1 b1");
      files.write("b.yaml", Folder.zones("b2"));
      awaitNames("a1 b2");
      files.write("new.tmp", Folder.zones("b3"));
      files.rename("new.tmp", "b.yaml");
      awaitNames("a1 b3");
      files.swap("1", "c.yaml", Folder.zones("c1"));
      awaitNames("a1 b3 c1");
      files.swap("2", "c.yaml", Folder.zones("c2"));
      awaitNames("a1 b3 c2");
      files.delete("b.yaml");
      awaitNames("a1 c2");
    }
  }

  @Test
  void goesOnAfterAListenerThatThrows() {
    ResourceWatcher throwing =
        new ResourceWatcher(
            folder,
            loaded -> {
              told.add(loaded);
              throw new IllegalStateException("from the test's listener");
            });
    try (throwing) {
      throwing.start();
      files.write("b.yaml", Folder.zones("b1"));
      awaitNames("a1 b1");
      files.write("b.yaml", Folder.zones("b2"));
      awaitNames("a1 b2");
    }
  }

  @Test
  void endsItsThreadWhenClosed() {
    ResourceWatcher watcher = new ResourceWatcher(folder, told::add);
    watcher.start();
    assertThat(watcher.isRunning()).isTrue();
    watcher.close();
    watcher.close();
    await().atMost(SOON).until(() -> !watcher.isRunning());
  }

  private void awaitNames(String names) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              assertThat(told).isNotEmpty();
              assertThat(Folder.names(told.get(told.size() - 1))).isEqualTo(names);
            });
  }
}
