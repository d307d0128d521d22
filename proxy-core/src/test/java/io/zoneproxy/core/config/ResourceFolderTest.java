package io.zoneproxy.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.config.kuma.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResourceFolderTest {
  private static final String BROKEN = "type: Zone\nname: Broken\n";

  private final Path path;
  private final Folder files;
  private final ResourceFolder folder;

  ResourceFolderTest(@TempDir Path path) {
    this.path = path;
    this.files = new Folder(path);
    this.folder = new ResourceFolder(path);
  }

  @Test
  void readsYamlAndJsonInNameOrder() {
    files.write("b.yml", Folder.zones("two", "three"));
    files.write("c.json", "{\"type\": \"Zone\", \"name\": \"four\"}");
    files.write("a.yaml", Folder.zones("one"));
    Loaded loaded = folder.load();
    assertThat(loaded.problems()).isEmpty();
    assertThat(loaded.changed()).isTrue();
    assertThat(Folder.names(loaded)).isEqualTo("one two three four");
    assertThat(loaded.resources().all().get(0).meta().source().file())
        .isEqualTo(path.resolve("a.yaml").toString());
  }

  @Test
  void passesOverWhatIsNoResourceFile() throws IOException {
    files.write("a.yaml", Folder.zones("one"));
    files.write(".hidden.yaml", Folder.zones("hidden"));
    files.write("a.yaml.bak", Folder.zones("backup"));
    files.write("notes.txt", "notes");
    Path inner = Files.createDirectory(path.resolve("inner.yaml"));
    Files.writeString(inner.resolve("b.yaml"), Folder.zones("inner"));
    Loaded loaded = folder.load();
    assertThat(loaded.problems()).isEmpty();
    assertThat(Folder.names(loaded)).isEqualTo("one");
  }

  @Test
  void showsWhoeverOnlyLooksTheGoodDocumentsOfABadFile() {
    files.write("a.yaml", Folder.zones("one") + "---\n" + BROKEN);
    assertThat(Folder.names(folder.load())).isEmpty();
    Loaded shown = ResourceFolder.toLookAt(path).load();
    assertThat(shown.hasErrors()).isTrue();
    assertThat(Folder.names(shown)).isEqualTo("one");
  }

  @Test
  void takesAnEmptyFolder() {
    Loaded loaded = folder.load();
    assertThat(loaded.hasErrors()).isFalse();
    assertThat(loaded.resources().all()).isEmpty();
    assertThat(loaded.changed()).isTrue();
    assertThat(folder.load().changed()).isFalse();
  }

  @Test
  void readsOneFile() {
    Path file = files.write("any.name", Folder.zones("one"));
    files.write("b.yaml", Folder.zones("two"));
    assertThat(Folder.names(new ResourceFolder(file).load())).isEqualTo("one");
  }

  @Test
  void tellsAllProblemsOfAllFilesAtTheStart() {
    files.write("a.yaml", BROKEN);
    files.write("b.yaml", "[");
    files.write("c.yaml", Folder.zones("good"));
    Loaded loaded = folder.load();
    assertThat(loaded.hasErrors()).isTrue();
    assertThat(loaded.problems())
        .extracting(problem -> problem.source().file())
        .containsExactly(at("a.yaml"), at("b.yaml"));
  }

  @Test
  void saysThatTheFolderIsMissing() {
    Path missing = path.resolve("missing");
    Loaded loaded = new ResourceFolder(missing).load();
    assertThat(Reading.strings(loaded.problems()))
        .containsExactly(missing + ": no such folder or file");
  }

  @Test
  void namesBothPlacesOfAResourceInTwoFiles() {
    files.write("a.yaml", Folder.zones("one", "same"));
    files.write("b.yaml", Folder.zones("same"));
    assertThat(Reading.strings(folder.load().problems()))
        .containsExactly(
            at("b.yaml")
                + ":1 (document 1): name: Zone/same is also in "
                + at("a.yaml")
                + ":4 (document 2) (expected: each once)");
  }

  @Test
  void keepsABrokenFileAsItWasWhileOthersChange() {
    files.write("a.yaml", Folder.zones("a1"));
    files.write("b.yaml", Folder.zones("b1"));
    folder.load();
    files.write("a.yaml", Folder.zones("new") + "---\n" + BROKEN);
    files.write("b.yaml", Folder.zones("b2"));
    Loaded loaded = folder.load();
    assertThat(Folder.names(loaded)).isEqualTo("a1 b2");
    assertThat(loaded.changed()).isTrue();
    assertThat(loaded.problems())
        .extracting(problem -> problem.source().file())
        .containsExactly(at("a.yaml"));
  }

  @Test
  void saysAProblemOnceAndAgainWhenTheFileChanged() {
    files.write("a.yaml", Folder.zones("a1"));
    folder.load();
    files.write("a.yaml", BROKEN);
    assertThat(folder.load().problems()).hasSize(1);
    files.write("b.yaml", Folder.zones("b1"));
    Loaded loaded = folder.load();
    assertThat(loaded.problems()).isEmpty();
    assertThat(Folder.names(loaded)).isEqualTo("a1 b1");
    files.write("a.yaml", BROKEN + "# still\n");
    assertThat(folder.load().problems()).hasSize(1);
    files.write("a.yaml", Folder.zones("a2"));
    assertThat(Folder.names(folder.load())).isEqualTo("a2 b1");
  }

  @Test
  void appliesNothingOfANewFileThatIsBroken() {
    files.write("a.yaml", Folder.zones("a1"));
    folder.load();
    files.write("b.yaml", Folder.zones("b1") + "---\n" + BROKEN);
    Loaded loaded = folder.load();
    assertThat(loaded.changed()).isFalse();
    assertThat(Folder.names(loaded)).isEqualTo("a1");
  }

  @Test
  void takesAwayWhatAVanishedFileHeld() {
    files.write("a.yaml", Folder.zones("a1"));
    files.write("b.yaml", BROKEN);
    folder.load();
    files.delete("a.yaml");
    Loaded loaded = folder.load();
    assertThat(loaded.resources().all()).isEmpty();
    assertThat(loaded.changed()).isTrue();
    assertThat(loaded.problems()).isEmpty();
  }

  @Test
  void keepsEverythingWhenTheFolderVanishes() {
    Folder inner = new Folder(path.resolve("inner"));
    ResourceFolder vanishing = new ResourceFolder(inner.path());
    assertThat(inner.path().toFile().mkdir()).isTrue();
    inner.write("a.yaml", Folder.zones("a1"));
    vanishing.load();
    files.rename("inner", "elsewhere");
    Loaded loaded = vanishing.load();
    assertThat(Folder.names(loaded)).isEqualTo("a1");
    assertThat(loaded.changed()).isFalse();
    assertThat(loaded.hasErrors()).isTrue();
    files.rename("elsewhere", "inner");
    Loaded back = vanishing.load();
    assertThat(Folder.names(back)).isEqualTo("a1");
    assertThat(back.problems()).isEmpty();
  }

  @Test
  void keepsAFileWhoseLinkLeadsNowhere() throws IOException {
    files.write("target.txt", Folder.zones("a1"));
    Files.createSymbolicLink(path.resolve("a.yaml"), Path.of("target.txt"));
    assertThat(Folder.names(folder.load())).isEqualTo("a1");
    files.delete("target.txt");
    Loaded loaded = folder.load();
    assertThat(Folder.names(loaded)).isEqualTo("a1");
    assertThat(Reading.strings(loaded.problems())).containsExactly(at("a.yaml") + ": no such file");
    assertThat(folder.load().problems()).isEmpty();
  }

  @Test
  void refusesAResourceInTheFileThatCameToHoldItToo() {
    files.write("b.yaml", Folder.zones("same"));
    files.write("c.yaml", Folder.zones("c1"));
    folder.load();
    files.write("a.yaml", Folder.zones("a1", "same"));
    files.write("c.yaml", Folder.zones("c2"));
    Loaded loaded = folder.load();
    assertThat(Folder.names(loaded)).isEqualTo("same c2");
    assertThat(Reading.strings(loaded.problems()))
        .containsExactly(
            at("a.yaml")
                + ":4 (document 2): name: Zone/same is also in "
                + at("b.yaml")
                + ":1 (document 1) (expected: each once)");
  }

  @Test
  void takesARefusedFileOnceTheOtherGivesWay() {
    files.write("a.yaml", Folder.zones("same"));
    folder.load();
    files.write("b.yaml", Folder.zones("same", "b1"));
    assertThat(Folder.names(folder.load())).isEqualTo("same");
    files.write("a.yaml", Folder.zones("a2"));
    Loaded loaded = folder.load();
    assertThat(Folder.names(loaded)).isEqualTo("a2 same b1");
    assertThat(loaded.problems()).isEmpty();
  }

  @Test
  void letsAChangeOfTheRightfulFileThroughBesideARefusedOne() {
    files.write("a.yaml", Folder.zones("same"));
    folder.load();
    files.write("b.yaml", Folder.zones("same"));
    folder.load();
    files.write("a.yaml", Folder.zones("same", "more"));
    assertThat(Folder.names(folder.load())).isEqualTo("same more");
  }

  @Test
  void movesAResourceFromOneFileToAnotherInOneLoad() {
    files.write("a.yaml", Folder.zones("a1", "moved"));
    files.write("b.yaml", Folder.zones("b1"));
    folder.load();
    files.write("a.yaml", Folder.zones("a1"));
    files.write("b.yaml", Folder.zones("b1", "moved"));
    Loaded loaded = folder.load();
    assertThat(loaded.problems()).isEmpty();
    assertThat(Folder.names(loaded)).isEqualTo("a1 b1 moved");
  }

  @Test
  void keepsBothFilesOfAMoveWhenTheFirstIsBroken() {
    files.write("a.yaml", Folder.zones("a1", "moved"));
    files.write("b.yaml", Folder.zones("b1"));
    folder.load();
    files.write("a.yaml", BROKEN);
    files.write("b.yaml", Folder.zones("b2", "moved"));
    Loaded loaded = folder.load();
    assertThat(Folder.names(loaded)).isEqualTo("a1 moved b1");
    assertThat(loaded.problems())
        .extracting(problem -> problem.source().file())
        .containsExactly(at("a.yaml"), at("b.yaml"));
    files.write("a.yaml", Folder.zones("a2"));
    assertThat(Folder.names(folder.load())).isEqualTo("a2 b2 moved");
  }

  @Test
  void refusesBothFilesThatComeToHoldOneResource() {
    files.write("a.yaml", Folder.zones("a1"));
    files.write("b.yaml", Folder.zones("b1"));
    folder.load();
    files.write("a.yaml", Folder.zones("same"));
    files.write("b.yaml", Folder.zones("same"));
    Loaded loaded = folder.load();
    assertThat(Folder.names(loaded)).isEqualTo("a1 b1");
    assertThat(loaded.problems()).hasSize(1);
  }

  @Test
  void reReadsAFileThatLooksUnchanged() throws IOException {
    Path file = files.write("a.yaml", Folder.zones("a1"));
    folder.load();
    var time = Files.getLastModifiedTime(file);
    files.write("a.yaml", Folder.zones("a2"));
    Files.setLastModifiedTime(file, time);
    assertThat(Folder.names(folder.load())).isEqualTo("a2");
  }

  @Test
  void warnsWithoutRefusing() {
    files.write("a.yaml", "type: Zone\nname: a\nenabeld: true\n");
    Loaded loaded = folder.load();
    assertThat(loaded.hasErrors()).isFalse();
    assertThat(loaded.problems()).hasSize(1);
    assertThat(Folder.names(loaded)).isEqualTo("a");
    assertThat(List.of(folder.load().changed(), folder.load().problems().isEmpty()))
        .containsExactly(false, true);
  }

  private String at(String file) {
    return path.resolve(file).toString();
  }
}
