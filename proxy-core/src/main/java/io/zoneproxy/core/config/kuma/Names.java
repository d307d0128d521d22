package io.zoneproxy.core.config.kuma;

/** How names of Kuma's resources and of hosts are written. Pure, for any thread. */
public final class Names {
  /** RFC 1123 for a resource's name, RFC 1035 for a host's. */
  public static final int MAX_NAME = 253;

  /** RFC 1035. */
  private static final int MAX_LABEL = 63;

  private Names() {}

  /** An RFC 1123 subdomain: labels of a-z, 0-9 and '-', which neither begin nor end with '-'. */
  public static boolean isSubdomain(String name) {
    if (name.isEmpty() || name.length() > MAX_NAME) {
      return false;
    }
    for (String label : name.split("\\.", -1)) {
      boolean letters = label.chars().allMatch(c -> isLowerOrDigit(c) || c == '-');
      if (label.isEmpty() || !letters || label.startsWith("-") || label.endsWith("-")) {
        return false;
      }
    }
    return true;
  }

  /** A mesh's name: a-z, 0-9, '.', '-' and '_'. */
  public static boolean isMesh(String name) {
    return !name.isEmpty()
        && name.length() <= MAX_NAME
        && name.chars().allMatch(c -> isLowerOrDigit(c) || c == '.' || c == '-' || c == '_');
  }

  /**
   * A DNS name, underscores allowed. One whose last label is a number is none: it is an IPv4
   * address with a slip, which a resolver would answer in ways of its own.
   */
  static boolean isHost(String name) {
    String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    if (bare.isEmpty() || bare.length() > MAX_NAME) {
      return false;
    }
    String[] labels = bare.split("\\.", -1);
    for (String label : labels) {
      boolean letters = label.chars().allMatch(c -> isAlphanumeric(c) || c == '-' || c == '_');
      if (label.isEmpty() || label.length() > MAX_LABEL || !letters || label.startsWith("-")) {
        return false;
      }
    }
    return !labels[labels.length - 1].chars().allMatch(Names::isDigit);
  }

  private static boolean isAlphanumeric(int c) {
    return isLowerOrDigit(c) || (c >= 'A' && c <= 'Z');
  }

  private static boolean isLowerOrDigit(int c) {
    return (c >= 'a' && c <= 'z') || isDigit(c);
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }
}
