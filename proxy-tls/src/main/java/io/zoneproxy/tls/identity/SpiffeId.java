package io.zoneproxy.tls.identity;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The one thing we need of a SPIFFE ID. */
public final class SpiffeId {
  /**
   * SPIFFE-ID §2: no user, no port, a path that is "" or begins with a slash, and nothing that
   * could be written in two ways: no escapes, no parameters.
   */
  private static final Pattern FORM =
      Pattern.compile("spiffe://([a-z0-9._-]{1,255})(/[A-Za-z0-9._/-]*)?");

  private static final int LONGEST = 2048; // SPIFFE-ID §2.3

  /** SPIFFE-ID §2.2: whoever compares beginnings must not be led out of them. */
  private static final Set<String> NO_SEGMENTS = Set.of("", ".", "..");

  private SpiffeId() {}

  /** The trust domain; empty when the URI is no SPIFFE ID. */
  public static Optional<String> trustDomain(String uri) {
    Matcher found = FORM.matcher(uri);
    return uri.length() <= LONGEST && found.matches() && isPath(found.group(2))
        ? Optional.of(found.group(1))
        : Optional.empty();
  }

  private static boolean isPath(@Nullable String path) {
    return path == null
        || Stream.of(path.substring(1).split("/", -1)).noneMatch(NO_SEGMENTS::contains);
  }
}
