package io.zoneproxy.core.observe.access;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Appends to a file, and follows its path: when log rotation has moved the file away or deleted it,
 * a new one is begun.
 */
final class FileSink implements LogSink {
  private static final Set<OpenOption> APPEND =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);

  private final Path path;
  private FileChannel file;

  /** The file system's identity of the open file; null where there is none (Windows). */
  private @Nullable Object key;

  private FileSink(Path path, FileChannel file) throws IOException {
    this.path = path;
    this.file = file;
    this.key = keyAt(path);
  }

  /** Opens a file; one that exists is appended to and keeps its mode, a new one gets 0640. */
  static FileSink open(Path path) throws IOException {
    FileChannel file = openFile(path);
    try {
      return new FileSink(path, file);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  private static FileChannel openFile(Path path) throws IOException {
    if (isPipeOrDevice(path)) {
      // With the reading end open here too, no reader needs to be there yet, and none is missed.
      return new RandomAccessFile(path.toFile(), "rw").getChannel();
    }
    if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return FileChannel.open(path, APPEND);
    }
    // The lines say who talked to whom: the owner and a group of log readers, nobody else.
    FileAttribute<?> mode =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"));
    return FileChannel.open(path, APPEND, mode);
  }

  private static boolean isPipeOrDevice(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).isOther();
    } catch (NoSuchFileException fresh) {
      return false;
    }
  }

  private static @Nullable Object keyAt(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException moved) {
      return null; // equals no key of a file: it is opened anew
    }
  }

  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public void write(byte[] lines) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(lines);
    while (rest.hasRemaining()) {
      file.write(rest);
    }
  }

  @Override
  public void flush() {}

  @Override
  public void refresh() throws IOException {
    if (!Objects.equals(keyAt(path), key)) {
      FileChannel next = openFile(path); // when this fails the old file stays in use
      file.close();
      file = next;
      key = keyAt(path);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
