package io.zoneproxy.core.runtime;

import static io.zoneproxy.core.runtime.ChildJvm.warnings;
import static io.zoneproxy.core.runtime.ChildJvm.works;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.zoneproxy.core.relay.RelayKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which relay serves where; what it needs is taken away from processes of their own. */
final class RelaysTest {
  private static final List<String> NO_WRAPPER = List.of();
  private static final List<String> NO_JNA =
      List.of("-Djna.nounpack=true", "-Djna.boot.library.path=/nonexistent");
  private static final int ENLARGED = 256 * 1024;

  private final Path folder;

  RelaysTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private static void assertPortableServes(List<String> lines, String why) {
    assertThat(lines).contains("relay portable", "same true", "spliced false", "exit 0");
    assertThat(warnings(lines))
        .singleElement()
        .asString()
        .startsWith("WARN Relays the portable relay serves, which costs up to three times the CPU:")
        .contains(why);
  }

  @ParameterizedTest
  @EnumSource(RelayKind.class)
  void takesTheRelayThatFitsTheLoopsOfAnotherProgram(RelayKind kind) {
    assumeTrue(Epoll.isAvailable(), "skipped: no epoll here");
    EventLoopGroup loops = kind.make().loops(1, "another");
    try {
      assertThat(Relays.fitting(loops).name()).isEqualTo(kind.make().name());
    } finally {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }

  @Test
  void splicesBulkThroughEnlargedPipesWhereNothingIsInTheWay() throws Exception {
    List<String> lines = withUsualQuota(NO_WRAPPER, List.of());
    assertThat(lines).contains("same true", "spliced true", "exit 0");
    assertThat(warnings(lines)).isEmpty();
    assertThat(bytes(lines)).isGreaterThanOrEqualTo(ENLARGED);
  }

  private static long bytes(List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith("bytes "))
        .mapToLong(line -> Long.parseLong(line.substring("bytes ".length())))
        .findAny()
        .orElseThrow();
  }

  @Test
  void servesPortablyWhereTheNativeLibraryCannotBeUnpacked() throws Exception {
    Path file = Files.createFile(folder.resolve("no-folder"));
    List<String> lines = ChildJvm.run(NO_WRAPPER, List.of("-Dio.netty.native.workdir=" + file));
    assertPortableServes(lines, "no epoll: ");
  }

  @Test
  void servesPortablyWhereTheNativeLibraryCannotBeRunFromTmp() throws Exception {
    assertPortableServes(withTmpOf("noexec"), "no epoll: ");
  }

  private List<String> withTmpOf(String option) throws Exception {
    String mount = "mount -t tmpfs -o " + option + " tmpfs '" + folder + "'";
    assumeTrue(
        works("unshare", "-m", "sh", "-c", mount), "skipped: this user may not mount anything");
    return ChildJvm.run(
        List.of("unshare", "-m", "sh", "-c", mount + " && exec \"$@\"", "sh"),
        List.of("-Djava.io.tmpdir=" + folder));
  }

  @Test
  void servesPortablyWhereSpliceIsDenied() throws Exception {
    assumeTrue(Seccomp.isKnownHere(), "skipped: numbers of system calls are not known here");
    List<String> lines = ChildJvm.run(NO_WRAPPER, List.of(), "seccomp");
    assertPortableServes(lines, "splice(2) is not allowed: ");
    assertThat(warnings(lines).get(0)).contains("Operation not permitted");
  }

  @Test
  void splicesThroughSmallPipesWhereTheyCannotBeEnlarged() throws Exception {
    List<String> lines = withUsualQuota(NO_WRAPPER, NO_JNA);
    assertThat(lines).contains("same true", "spliced true", "exit 0");
    assertThat(warnings(lines))
        .singleElement()
        .asString()
        .startsWith("WARN EpollRelay pipes stay at 64 KiB");
    assertThat(bytes(lines)).isBetween(1L, ENLARGED - 1L);
  }

  /**
   * A user without privileges, and one that no other program is: the quota is the user's. It may
   * read the classes of this build.
   */
  private static List<String> unprivileged() {
    int user = ThreadLocalRandom.current().nextInt(100_000, 1_000_000);
    return List.of(
        "setpriv",
        "--reuid=" + user,
        "--regid=" + user,
        "--clear-groups",
        "--inh-caps=-all,+dac_read_search",
        "--ambient-caps=-all,+dac_read_search",
        "--bounding-set=-all,+dac_read_search");
  }

  private static void assumeUnprivilegedRuns() {
    List<String> command = new java.util.ArrayList<>(unprivileged());
    command.add("true");
    assumeTrue(
        isRoot() && works(command.toArray(String[]::new)),
        "skipped: only root can run a program as somebody else");
  }

  /** Runs it where pipes can be had; the operator may have forbidden them. */
  private static List<String> withUsualQuota(List<String> wrapper, List<String> options)
      throws Exception {
    List<String> lines = ChildJvm.run(wrapper, options);
    assumeTrue(lines.contains("relay epoll"), "skipped: no epoll here: " + lines);
    assumeTrue(
        lines.contains("quota 16384"), "skipped: the quota of pipes is not the kernel's default");
    return lines;
  }

  @Test
  void enlargesPipesForAUserWithoutPrivilegesAsLongAsTheQuotaHasRoom() throws Exception {
    assumeUnprivilegedRuns();
    List<String> lines = withUsualQuota(unprivileged(), List.of());
    assertThat(lines).contains("relay epoll", "same true", "spliced true", "exit 0");
    assertThat(warnings(lines)).isEmpty();
    assertThat(bytes(lines)).isGreaterThanOrEqualTo(ENLARGED);
  }

  @Test
  void relaysForAUserWhoseQuotaOfPipesIsUsedUp() throws Exception {
    assumeUnprivilegedRuns();
    List<String> lines = ChildJvm.run(unprivileged(), List.of(), "pipes");
    assertThat(lines).contains("relay epoll", "same true", "spliced false", "bytes 0", "exit 0");
    assertThat(warnings(lines)).isEmpty();
  }

  @Test
  void relaysForSuchAUserAlsoWhereTheSizeOfAPipeCannotBeAsked() throws Exception {
    assumeUnprivilegedRuns();
    List<String> lines = ChildJvm.run(unprivileged(), NO_JNA, "pipes");
    assertThat(lines).contains("relay epoll", "same true", "exit 0");
    assertThat(warnings(lines)).hasSize(1);
  }
}
