package io.zoneproxy.core.config;

import io.zoneproxy.core.config.yaml.Shown;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the resource files look like from outside, without reading them. Two equal scans mean that
 * nothing changed.
 *
 * @param failure why there is nothing to read; "" when there is
 * @param files in name order
 */
record FolderScan(String failure, SortedMap<Path, Stamp> files) {
  private static final List<String> SUFFIXES = List.of(".yaml", ".yml", ".json");

  FolderScan {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  /**
   * One file, symbolic links followed.
   *
   * @param realPath where the links lead; "" when that is nowhere. Kubernetes changes a folder by
   *     turning one link, and the new files may have the sizes and times of the old ones
   * @param size in bytes
   * @param modifiedNanos since the epoch
   * @param key the file system's own key (device and inode), "" when it has none: another file
   *     renamed into place has another one
   */
  record Stamp(String realPath, long size, long modifiedNanos, String key) {
    private static final Stamp NONE = new Stamp("", -1, 0, "");
  }

  /** Looks at the folder, or at the one file, that is the root. */
  static FolderScan of(Path root) {
    SortedMap<Path, Stamp> files = new TreeMap<>();
    try {
      if (Files.isDirectory(root)) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, FolderScan::matches)) {
          entries.forEach(path -> files.put(path, stamp(path)));
        }
      } else if (Files.exists(root)) {
        files.put(root, stamp(root));
      } else {
        return failed("no such folder or file");
      }
    } catch (DirectoryIteratorException e) {
      return failed("cannot be read: " + reason(e.getCause()));
    } catch (IOException e) {
      return failed("cannot be read: " + reason(e));
    }
    return new FolderScan("", files);
  }

  private static boolean matches(Path path) {
    Path fileName = path.getFileName();
    String name = fileName == null ? "" : fileName.toString();
    return !name.startsWith(".")
        && SUFFIXES.stream().anyMatch(name::endsWith)
        && !Files.isDirectory(path);
  }

  private static Stamp stamp(Path path) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      Object key = attributes.fileKey();
      return new Stamp(
          path.toRealPath().toString(),
          attributes.size(),
          attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
          key == null ? "" : key.toString());
    } catch (IOException e) {
      // A link to nowhere, or gone in between: the next scan differs, or reading it says why.
      return Stamp.NONE;
    }
  }

  private static FolderScan failed(String why) {
    return new FolderScan(why, Collections.emptySortedMap());
  }

  private static String reason(@Nullable Throwable e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied (expected: a folder that this user may list and enter)";
    }
    return e instanceof NoSuchFileException ? "it vanished" : Shown.text(String.valueOf(e));
  }
}
