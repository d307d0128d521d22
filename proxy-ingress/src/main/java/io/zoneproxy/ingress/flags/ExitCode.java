package io.zoneproxy.ingress.flags;

/** What a command tells its shell. */
public final class ExitCode {
  /** An answer, all good, or an orderly end. */
  public static final int OK = 0;

  /** Whatever a user can mend, and kuma-dp's code for it; also a name that nothing routes. */
  public static final int FAILED = 1;

  private ExitCode() {}
}
