package io.zoneproxy.core.config;

import io.zoneproxy.core.config.kuma.ReadFile;
import io.zoneproxy.core.config.kuma.ResourceReader;
import io.zoneproxy.core.config.yaml.Shown;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resource;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The resource files of {@code --resources}: one file, or the {@code *.yaml}, {@code *.yml} and
 * {@code *.json} files that stand directly in a folder, in name order. Entries that begin with a
 * dot are skipped, folders in it are not entered, symbolic links are followed: that is the layout
 * of a mounted Kubernetes ConfigMap, whose files are links through {@code ..data}.
 *
 * <p>The first {@link #load} says whether the files are good; a caller that starts should not go on
 * when {@link Loaded#hasErrors}. Every further one keeps what is good: a file with an error stays
 * in force as it was before, while changes of other files apply; a resource that comes to stand in
 * two files is refused in the one that changed; a file that is gone takes its resources with it;
 * but a root that is gone, or cannot be read, changes nothing.
 *
 * <p>Safe for use by several threads; loads run one after the other.
 */
public final class ResourceFolder {
  private final Path root;
  private final boolean keepsGood;
  private final ResourceReader reader = new ResourceReader(ResourceReader.Use.FOLDER);
  private State state = State.BEFORE;

  /**
   * Reads nothing yet.
   *
   * @param root a folder or a file
   */
  public ResourceFolder(Path root) {
    this(root, false);
  }

  private ResourceFolder(Path root, boolean keepsGood) {
    this.root = root;
    this.keepsGood = keepsGood;
  }

  /**
   * For whoever only looks: of a file with an error the good documents count all the same, so that
   * what is odd with them is found, too.
   *
   * @param root a folder or a file
   */
  public static ResourceFolder toLookAt(Path root) {
    return new ResourceFolder(root, true);
  }

  /** The folder or file. */
  public Path root() {
    return root;
  }

  /** Reads all files, whether they look changed or not. Blocks on the file system. */
  public Loaded load() {
    return load(FolderScan.of(root));
  }

  /** Reads the files that a scan found. */
  synchronized Loaded load(FolderScan found) {
    State before = state;
    List<Problem> problems = new ArrayList<>();
    if (found.failure().isEmpty()) {
      SortedMap<Path, FileVersion> files = FileVersions.choose(versions(found, problems), problems);
      state = new State(true, found, files, resources(files));
    } else {
      problems.add(Problem.error(Source.ofFile(root.toString()), "", found.failure()));
      state = new State(true, found, before.files(), before.resources());
    }
    boolean changed = !before.loaded() || !state.resources().equals(before.resources());
    return new Loaded(state.resources(), problems, changed);
  }

  /** What was there when the last load began. */
  synchronized FolderScan scan() {
    return state.scan();
  }

  private SortedMap<Path, FileVersion> versions(FolderScan found, List<Problem> problems) {
    SortedMap<Path, FileVersion> versions = new TreeMap<>();
    for (Path path : found.files().keySet()) {
      version(path, problems).ifPresent(file -> versions.put(path, file));
    }
    return versions;
  }

  private static Resources resources(SortedMap<Path, FileVersion> files) {
    List<Resource> all = new ArrayList<>();
    files.values().forEach(file -> all.addAll(file.inForce()));
    return new Resources(all);
  }

  /** The file as it is now; empty when it is gone since it was found. */
  private Optional<FileVersion> version(Path path, List<Problem> problems) {
    FileVersion before = state.files().getOrDefault(path, FileVersion.UNKNOWN);
    byte[] bytes;
    try {
      bytes = FileText.read(path);
    } catch (IOException e) {
      boolean gone = !Files.exists(path, LinkOption.NOFOLLOW_LINKS);
      return gone ? Optional.empty() : Optional.of(unreadable(path, before, e, problems));
    }
    String content = digest(bytes);
    if (content.equals(before.content())) {
      return Optional.of(before.unchanged());
    }
    ReadFile read = read(path, bytes);
    problems.addAll(read.problems());
    Optional<List<Resource>> latest =
        read.hasErrors() && !keepsGood ? Optional.empty() : Optional.of(read.resources());
    return Optional.of(before.withContent(content, latest));
  }

  private ReadFile read(Path path, byte[] bytes) {
    try {
      return reader.read(path.toString(), FileText.decode(bytes));
    } catch (IOException e) {
      return new ReadFile(List.of(), List.of(problem(path, e)));
    }
  }

  /** The reason takes the place of the digest, so that it is said once. */
  private static FileVersion unreadable(
      Path path, FileVersion before, IOException e, List<Problem> problems) {
    Problem problem = problem(path, e);
    if (problem.message().equals(before.content())) {
      return before.unchanged();
    }
    problems.add(problem);
    return before.withContent(problem.message(), Optional.empty());
  }

  private static Problem problem(Path path, IOException e) {
    return Problem.error(
        Source.ofFile(path.toString()), "", Shown.text(String.valueOf(e.getMessage())));
  }

  private static String digest(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("no SHA-256 (expected: every Java platform has it)", e);
    }
  }

  /** All that a load leaves behind. */
  private record State(
      boolean loaded, FolderScan scan, SortedMap<Path, FileVersion> files, Resources resources) {
    private static final State BEFORE =
        new State(
            false,
            new FolderScan("", Collections.emptySortedMap()),
            Collections.emptySortedMap(),
            new Resources(List.of()));
  }
}
