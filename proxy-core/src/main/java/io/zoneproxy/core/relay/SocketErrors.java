package io.zoneproxy.core.relay;

import java.io.IOException;
import java.net.SocketException;

/** Tells the system's errors apart. The JDK gives no numbers, only glibc's and musl's words. */
public final class SocketErrors {
  /** As Netty words it: {@code send(..) failed with error(-111): Connection refused}. */
  private static final String CALL_FAILED = "(..) failed with error(";

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

  /** Whether it came of a connection that broke, or was closed. */
  public static boolean isLoss(Throwable cause) {
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof IOException) {
        return true;
      }
    }
    return false;
  }

  /** What went wrong, in the system's words alone. */
  public static String words(Throwable cause) {
    Throwable inner = cause.getCause();
    // The JDK's transport wraps a failed connect to add the address, Netty's epoll adds the call.
    Throwable innermost = inner != null ? inner : cause;
    String message = innermost.getMessage();
    String text = message != null ? message : innermost.getClass().getSimpleName();
    int call = text.indexOf(CALL_FAILED);
    int end = text.indexOf(": ", Math.max(call, 0));
    return call >= 0 && end >= 0 ? text.substring(end + 2) : text;
  }

  private static boolean says(Throwable cause, String text) {
    String message = cause.getMessage();
    return message != null && message.contains(text);
  }
}
