package io.zoneproxy.egress.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code config/bin/zoneproxy} with a program in the JVM's place that tells how it was called. */
@Timeout(60)
final class LauncherScriptTest {
  /** Makes an archive as soon as the file {@code go} is there, and else repeats its arguments. */
  private static final String FAKE_JAVA =
      """
      #!/bin/sh
      for argument in "$@"; do
        case $argument in
          -XX:DumpLoadedClassList=*) list=${argument#*=} ;;
          -XX:SharedClassListFile=*) dump=${argument#*=} ;;
          -XX:SharedArchiveFile=*) archive=${argument#*=} ;;
          -Djava.io.tmpdir=*) files=${argument#*=} ;;
        esac
      done
      if [ -n "${list:-}" ]; then
        echo training >>"$FAKE_FOLDER/trainings"
        mkdir "$files/zoneproxy-train"
        until [ -f "$FAKE_FOLDER/go" ]; do sleep 0.05; done
        echo java/lang/Object >"$list"
      elif [ -n "${dump:-}" ]; then
        cp "$dump" "$archive"
      else
        echo "started $*"
      fi
      """;

  private Path folder;

  @BeforeEach
  void makesAJvmThatIsNone(@TempDir Path fresh) throws IOException {
    folder = fresh;
    Files.createDirectories(folder.resolve("bin"));
    Files.createDirectories(folder.resolve("tmp"));
    Files.writeString(folder.resolve("bin/java"), FAKE_JAVA);
    Files.setPosixFilePermissions(
        folder.resolve("bin/java"), PosixFilePermissions.fromString("rwx------"));
    Files.writeString(folder.resolve("egress.jar"), "jar");
  }

  /** Who makes the archive may still be at it, in a folder that is deleted next. */
  @AfterEach
  void isDone() throws IOException {
    Path go = folder.resolve("go");
    if (!Files.exists(go)) {
      Files.createFile(go);
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> names().noneMatch(n -> n.endsWith("lock")));
  }

  @Test
  void theFirstStartDoesNotWaitForTheArchiveAndALaterOneUsesIt() throws Exception {
    assertThat(launch("run")).contains("started").doesNotContain("SharedArchiveFile");
    Files.createFile(folder.resolve("go"));
    await().atMost(Duration.ofSeconds(30)).until(() -> archives().size() == 1);
    assertThat(launch("run")).contains("-XX:SharedArchiveFile=" + archives().get(0));
  }

  @Test
  void manyFirstStartsMakeOneArchive() throws Exception {
    for (int i = 0; i < 4; i++) {
      assertThat(launch("run")).contains("started");
    }
    Files.createFile(folder.resolve("go"));
    await().atMost(Duration.ofSeconds(30)).until(() -> archives().size() == 1);
    assertThat(Files.readAllLines(folder.resolve("trainings"))).hasSize(1);
  }

  @Test
  void versionWaitsForTheArchiveAsAnImageNeedsIt() throws Exception {
    Files.createFile(folder.resolve("go"));
    assertThat(launch("version")).contains("-XX:SharedArchiveFile=");
    assertThat(names()).hasSize(1); // nothing but the archive is left
    assertThat(folder.resolve("tmp")).isEmptyDirectory();
  }

  @Test
  void whoIsEndedAtItLeavesNothing() throws Exception {
    Process process = start("version", Files.createTempFile(folder, "output", ""));
    await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(folder.resolve("trainings")));
    process.children().forEach(ProcessHandle::destroy); // the shell that waits for the training
    Files.createFile(folder.resolve("go"));
    assertThat(process.waitFor()).isEqualTo(128 + 15); // SIGTERM
    assertThat(names()).isEmpty();
    assertThat(folder.resolve("tmp")).isEmptyDirectory();
  }

  @Test
  void aLinkToItFindsTheJarBesideIt() throws Exception {
    Files.copy(script(), folder.resolve("zoneproxy"));
    Path link = Files.createSymbolicLink(folder.resolve("bin/link"), folder.resolve("zoneproxy"));
    Files.createFile(folder.resolve("go"));
    ProcessBuilder builder = builder(link, "version");
    builder.environment().remove("ZONEPROXY_JAR");
    assertThat(output(builder, 0)).contains("-jar " + folder.toRealPath() + "/egress.jar version");
  }

  @Test
  void saysThatThereIsNoJava() throws Exception {
    ProcessBuilder builder = builder(script(), "run");
    builder.environment().put("JAVA_HOME", folder.resolve("gone").toString());
    assertThat(output(builder, 1))
        .isEqualTo(
            "zoneproxy: no "
                + folder
                + "/gone/bin/java (expected: a JDK or JRE 17 or newer, by JAVA_HOME or in PATH)\n");
    assertThat(names()).isEmpty();
  }

  @Test
  void saysThatThereIsNoJar() throws Exception {
    ProcessBuilder builder = builder(script(), "run");
    builder.environment().put("ZONEPROXY_JAR", "/gone/egress.jar");
    assertThat(output(builder, 1)).startsWith("zoneproxy: no /gone/egress.jar (expected: ");
  }

  private List<String> archives() throws IOException {
    return names().filter(name -> name.endsWith(".jsa")).toList();
  }

  private Stream<String> names() throws IOException {
    Path cache = folder.resolve("cache");
    if (!Files.isDirectory(cache)) {
      return Stream.empty();
    }
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(cache)) {
      files.forEach(file -> names.add(file.toString()));
    }
    return names.stream();
  }

  private String launch(String command) throws Exception {
    return output(builder(script(), command), 0);
  }

  private Process start(String command, Path output) throws IOException {
    return started(builder(script(), command), output);
  }

  /** To a file: who makes the archive keeps a pipe open for longer than the program runs. */
  private static Process started(ProcessBuilder builder, Path output) throws IOException {
    return builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
  }

  private static Path script() {
    return Path.of("").toAbsolutePath().resolveSibling("config/bin/zoneproxy");
  }

  private ProcessBuilder builder(Path script, String command) {
    ProcessBuilder builder = new ProcessBuilder("sh", script.toString(), command);
    builder.environment().put("JAVA_HOME", folder.toString());
    builder.environment().put("ZONEPROXY_JAR", folder.resolve("egress.jar").toString());
    builder.environment().put("ZONEPROXY_CDS_DIR", folder.resolve("cache").toString());
    builder.environment().put("FAKE_FOLDER", folder.toString());
    builder.environment().put("TMPDIR", folder.resolve("tmp").toString());
    return builder;
  }

  private String output(ProcessBuilder builder, int code) throws Exception {
    Path output = Files.createTempFile(folder, "output", "");
    assertThat(started(builder, output).waitFor()).isEqualTo(code);
    return Files.readString(output, StandardCharsets.UTF_8);
  }
}
