package io.zoneproxy.ingress.launch;

/** Something that the user can mend; its message is what is printed, without a stack trace. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** One line, or one for each error. */
  public UsageException(String message) {
    super(message);
  }
}
