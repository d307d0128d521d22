package io.zoneproxy.ingress.controlplane;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The folder for sockets and what outlives a run: the user's, or a temporary one that is deleted on
 * {@link #close}, and when the JVM ends before. One thread.
 */
public final class WorkDir implements AutoCloseable {
  /** kuma-dp's 0711: others may reach a socket whose name they know, and list nothing. */
  private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rwx--x--x");

  private final Optional<Path> named;
  private @Nullable Path temporary;
  private @Nullable Thread hook; // not null when temporary is not

  /**
   * Makes nothing yet.
   *
   * @param named the user's folder; empty = a temporary one
   */
  public WorkDir(Optional<Path> named) {
    this.named = named;
  }

  /**
   * Makes it, if it is not there.
   *
   * @return its absolute path
   * @throws IOException when it cannot be made; the message is the reason alone
   */
  public Path create() throws IOException {
    if (named.isPresent()) {
      Path path = named.get().toAbsolutePath();
      if (Files.exists(path) && !Files.isDirectory(path)) {
        throw new IOException("is a file");
      }
      Path made = Files.createDirectories(path);
      if (!Files.isWritable(made)) {
        throw new AccessDeniedException(made.toString());
      }
      return made;
    }
    Path made = Files.createTempDirectory("zoneproxy-");
    Thread last = new Thread(() -> delete(made), "zoneproxy-work-dir");
    Runtime.getRuntime().addShutdownHook(last);
    temporary = made;
    hook = last;
    Files.setPosixFilePermissions(made, MODE); // not at its making: a umask would take from it
    return made;
  }

  @Override
  public void close() {
    Path made = temporary;
    Thread last = hook;
    if (made == null || last == null) {
      return;
    }
    temporary = null;
    try {
      Runtime.getRuntime().removeShutdownHook(last);
    } catch (IllegalStateException e) {
      return; // the JVM is ending: the hook runs, or has run
    }
    delete(made);
  }

  private static void delete(Path folder) {
    try {
      FolderDeletion.delete(folder);
    } catch (IOException e) {
      // What is left lies in the folder for temporary files, where others clean up.
    }
  }
}
