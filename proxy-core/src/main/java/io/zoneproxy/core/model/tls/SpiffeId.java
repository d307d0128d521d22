package io.zoneproxy.core.model.tls;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What we need of SPIFFE IDs: their trust domain. */
public final class SpiffeId {
  private static final Pattern TRUST_DOMAIN = Pattern.compile("[a-z0-9._-]{1,255}"); // §2.1

  /**
   * SPIFFE-ID §2: no user, no port, a path that is "" or begins with a slash, and nothing that
   * could be written in two ways: no escapes, no parameters.
   */
  private static final Pattern FORM =
      Pattern.compile("spiffe://(" + TRUST_DOMAIN + ")(/[A-Za-z0-9._/-]*)?");

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

  /** Whether a SPIFFE ID may have this trust domain. */
  public static boolean isTrustDomain(String text) {
    return TRUST_DOMAIN.matcher(text).matches();
  }

  private static boolean isPath(@Nullable String path) {
    return path == null
        || Stream.of(path.substring(1).split("/", -1)).noneMatch(NO_SEGMENTS::contains);
  }
}
