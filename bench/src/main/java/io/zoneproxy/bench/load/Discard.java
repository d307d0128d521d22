package io.zoneproxy.bench.load;

import io.netty.channel.epoll.Native;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Throws away what a socket has received without copying it: through a pipe to {@code /dev/null}.
 * Otherwise the generator would be slower than a proxy that splices. The pipe is empty between two
 * calls.
 */
final class Discard implements AutoCloseable {
  private static final int NO_OFFSET = -1;

  private final FileDescriptor readEnd;
  private final FileDescriptor writeEnd;
  private final FileDescriptor nowhere;

  Discard() {
    try {
      FileDescriptor[] ends = FileDescriptor.pipe();
      readEnd = ends[0];
      writeEnd = ends[1];
      nowhere = FileDescriptor.from("/dev/null");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Number of bytes thrown away; 0 when there are none now, and at the end too. */
  int from(FileDescriptor socket, int most) throws IOException {
    int taken = splice(socket, writeEnd, most);
    for (int left = taken; left > 0; ) {
      left -= splice(readEnd, nowhere, left);
    }
    return taken;
  }

  private static int splice(FileDescriptor in, FileDescriptor out, int bytes) throws IOException {
    return Native.splice(in.intValue(), NO_OFFSET, out.intValue(), NO_OFFSET, bytes);
  }

  @Override
  public void close() {
    try {
      readEnd.close();
      writeEnd.close();
      nowhere.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
