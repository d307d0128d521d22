package io.zoneproxy.core.config.outbound;

import io.zoneproxy.core.text.Visible;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A user and a password that a file holds. Asking is for any thread and never blocks; {@link
 * #refresh} reads the file.
 */
public final class ProxyCredentials {
  /** Far more than any password has. */
  private static final int MAX_BYTES = 4096;

  /** The group may read: Kubernetes mounts secrets for {@code fsGroup} in this way. */
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  /**
   * What the proxy is told.
   *
   * @param user without a colon
   * @param password may be empty
   */
  public record Login(String user, String password) {
    /** Neither of both. */
    @Override
    public String toString() {
      return "Login[...]";
    }
  }

  /** By what a file that was written is told from the one before; not the text itself. */
  private record Version(long modifiedMillis, long bytes, @Nullable Object key) {}

  private final Path file;
  private volatile Login login;
  private @Nullable Version read; // the one that was looked at last; on the thread that refreshes

  private ProxyCredentials(Path file) throws IOException {
    this.file = file;
    this.read = version();
    this.login = read();
  }

  /**
   * Reads a file.
   *
   * @throws IOException when it is not to be used; the message is for the user
   */
  static ProxyCredentials of(Path file) throws IOException {
    return new ProxyCredentials(file);
  }

  /** The last good ones. */
  public Login login() {
    return login;
  }

  /**
   * Reads the file if it has changed since. On one thread, not an event loop.
   *
   * @return whether it had changed
   * @throws IOException when it is not to be used: then the last good ones stay. Said once for each
   *     change; the message is for the user
   */
  boolean refresh() throws IOException {
    Version before = read;
    Version now;
    try {
      now = version();
    } catch (IOException e) {
      read = null;
      if (before == null) {
        return false; // said already
      }
      throw e;
    }
    if (Objects.equals(before, now)) {
      return false;
    }
    read = now;
    Login fresh = read();
    boolean other = !fresh.equals(login);
    login = fresh;
    return other;
  }

  private Version version() throws IOException {
    try {
      BasicFileAttributes known = Files.readAttributes(file, BasicFileAttributes.class);
      return new Version(known.lastModifiedTime().toMillis(), known.size(), known.fileKey());
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": no such file (expected: USER:PASSWORD in one line)", e);
    } catch (AccessDeniedException e) {
      throw new IOException(file + ": permission denied (expected: a file to read)", e);
    }
  }

  private Login read() throws IOException {
    checkMode();
    String text = BoundedFile.read(file, MAX_BYTES).strip();
    int colon = text.indexOf(':');
    if (colon <= 0 || !Visible.line(text).equals(text)) {
      // Not what stands there: it may be a password.
      throw new IOException(
          "%s: holds no user and password (expected: USER:PASSWORD in one line)".formatted(file));
    }
    return new Login(text.substring(0, colon), text.substring(colon + 1));
  }

  private void checkMode() throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view == null) {
      return; // a system without such rights
    }
    Set<PosixFilePermission> mode = EnumSet.copyOf(OTHERS);
    mode.retainAll(view.readAttributes().permissions());
    if (!mode.isEmpty()) {
      throw new IOException(
          "%s: others may read or change the password in it (expected: mode 0600 or 0640; chmod 600 %s)"
              .formatted(file, file));
    }
  }

  /** The file; never what it holds. */
  @Override
  public String toString() {
    return file.toString();
  }
}
