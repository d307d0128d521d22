package io.zoneproxy.core.relay;

import java.io.IOException;
import java.net.SocketException;

/** Tells the system's errors apart. The JDK gives no numbers, only glibc's and musl's words. */
public final class SocketErrors {
  private SocketErrors() {}

  /** Whether the process or the system has no file descriptor left (EMFILE, ENFILE). */
  public static boolean noDescriptors(Throwable cause) {
    // Netty wraps what the JDK throws when a socket is made.
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof IOException
          && (says(each, "Too many open files") || says(each, "No file descriptors available"))) {
        return true;
      }
    }
    return false;
  }

  /** Whether no local port is free towards the address (EADDRNOTAVAIL). */
  public static boolean noLocalPort(Throwable cause) {
    return cause instanceof SocketException
        && (says(cause, "Cannot assign requested address") || says(cause, "Address not available"));
  }

  private static boolean says(Throwable cause, String text) {
    String message = cause.getMessage();
    return message != null && message.contains(text);
  }
}
