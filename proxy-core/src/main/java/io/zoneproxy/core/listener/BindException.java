package io.zoneproxy.core.listener;

import io.zoneproxy.core.model.ListenerSpec;

/** A listener's address cannot be listened on; the message is one line for the operator. */
public final class BindException extends Exception {
  private static final long serialVersionUID = 1L;

  BindException(ListenerSpec spec, Throwable cause) {
    super(message(spec, reason(cause)), cause);
  }

  BindException(ListenerSpec spec, String reason) {
    super(message(spec, reason));
  }

  private static String message(ListenerSpec spec, String reason) {
    return "listener %s: cannot listen on %s: %s".formatted(spec.name(), spec.address(), reason);
  }

  private static String reason(Throwable cause) {
    String text = String.valueOf(cause.getMessage());
    if (text.contains("in use")) {
      return "the address is in use by another program (expected: a free port; look with `ss"
          + " -ltnp`)";
    }
    if (text.contains("assign requested address")) {
      return "no interface of this machine has the address (expected: one that `ip address` lists)";
    }
    return text.contains("Permission denied")
        ? "permission denied (expected: a port from 1024 on, or CAP_NET_BIND_SERVICE)"
        : text;
  }
}
