package io.zoneproxy.ingress.explain;

import java.util.List;

/**
 * What is asked of {@link Explain}.
 *
 * @param serverName as a client would send it; "" for none
 * @param identity the URIs of the caller's certificate, the SPIFFE ID first; empty = nobody is
 *     asked about
 */
public record Question(String serverName, List<String> identity) {
  /** More than Kuma puts into a certificate, which has one for each tag. */
  private static final int MOST_URIS = 64;

  public Question {
    identity = List.copyOf(identity);
  }

  /** Without a caller. */
  public static Question about(String serverName) {
    return new Question(serverName, List.of());
  }

  /**
   * With the caller's URIs, separated by commas; "" for none.
   *
   * @throws IllegalArgumentException when one of them is no URI; its text says what was expected
   */
  public static Question about(String serverName, String identity) {
    if (identity.isEmpty()) {
      return about(serverName);
    }
    List<String> uris = List.of(identity.split(",", -1));
    if (uris.size() > MOST_URIS || !uris.stream().allMatch(uri -> uri.contains("://"))) {
      throw new IllegalArgumentException(
          "identity=%s (expected: spiffe://MESH/SERVICE, and for tags also kuma://TAG/VALUE, at most %d separated by commas)"
              .formatted(identity, MOST_URIS));
    }
    return new Question(serverName, uris);
  }
}
