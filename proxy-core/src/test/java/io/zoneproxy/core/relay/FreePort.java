package io.zoneproxy.core.relay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports at which nobody listens, and which stay so until a test makes use of them: the kernel gives
 * none of them to whoever asks for any port, as tests of another process do all the time, and none
 * is told twice.
 */
public final class FreePort {
  /** Those that programs of a build machine like are below. */
  private static final int LOWEST = 12_000;

  /** Linux gives away those from 32,768 on. */
  private static final int COUNT = 20_000;

  /** Another place for each process, so that two hardly meet. */
  private static final AtomicInteger next =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

  private FreePort() {}

  /** One of 127.0.0.1. */
  public static int onLoopback() {
    return inARow(InetAddress.getLoopbackAddress(), 1);
  }

  /** One of this host. */
  public static int on(String host) throws IOException {
    return inARow(InetAddress.getByName(host), 1);
  }

  /** The first of so many of 127.0.0.1, one behind the other. */
  public static int inARow(int many) {
    return inARow(InetAddress.getLoopbackAddress(), many);
  }

  private static int inARow(InetAddress host, int many) {
    for (int tries = 0; tries < COUNT; tries++) {
      int first = LOWEST + Math.floorMod(next.getAndAdd(many), COUNT - many);
      boolean free = true;
      for (int port = first; port < first + many; port++) {
        free &= isFree(host, port);
      }
      if (free) {
        return first;
      }
    }
    throw new IllegalStateException("no port of " + host + " is free (expected: " + many + ")");
  }

  private static boolean isFree(InetAddress host, int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, host)) {
      return socket.isBound();
    } catch (BindException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
