package io.zoneproxy.tls.identity;

import java.util.Optional;
import java.util.regex.Pattern;

/** The one thing we need of a SPIFFE ID. */
public final class SpiffeId {
  /** SPIFFE-ID §2: no user, no port, a path that is "" or begins with a slash. */
  private static final Pattern FORM = Pattern.compile("spiffe://([a-z0-9._-]{1,255})(/[^?#]*)?");

  private SpiffeId() {}

  /** The trust domain; empty when the URI is no SPIFFE ID. */
  public static Optional<String> trustDomain(String uri) {
    var found = FORM.matcher(uri);
    return found.matches() ? Optional.of(found.group(1)) : Optional.empty();
  }
}
