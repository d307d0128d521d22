package io.zoneproxy.tls.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Chains that one {@link PeerCheck} has found good, by their bytes: a sidecar shows the same one at
 * each connection, and without revocation the answer depends on nothing else but the time. Whoever
 * trusts other authorities or wants other names has another check, and so another one of these.
 * Thread-safe.
 */
final class GoodChains {
  /** Callers that come again and again; some 200 bytes each. */
  static final int MOST = 1024;

  private static final int FIRST = 16; // Java's own, like the next: most meshes have few callers

  private static final float LOAD = 0.75f;

  /** Two chains of one digest cannot be made: it stands for all their bytes. */
  private static final String DIGEST = "SHA-256";

  /** When it was found good, and until when it is. */
  private record Period(Instant from, Instant to) {
    boolean holds(Instant now) {
      return !now.isBefore(from) && !now.isAfter(to);
    }
  }

  private final Clock clock;
  private final Map<String, Period> known =
      new LinkedHashMap<>(FIRST, LOAD, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Period> eldest) {
          return size() > MOST;
        }
      };

  /**
   * @param clock that certificates are judged by; asked each time
   */
  GoodChains(Clock clock) {
    this.clock = clock;
  }

  /**
   * Says of a chain whether it was found good before, and none of what that was by has expired.
   *
   * @return what to {@link #add} when it is found good now; null when that is known
   */
  @Nullable Unknown look(X509Certificate[] chain) {
    String key = key(chain);
    Instant now = clock.instant();
    if (key != null) {
      synchronized (known) {
        Period period = known.get(key);
        if (period != null && period.holds(now)) {
          return null;
        }
      }
    }
    return new Unknown(key, now);
  }

  /**
   * A chain that has to be judged.
   *
   * @param key of its bytes; null when it has none, and cannot be kept
   * @param at when it was looked for
   */
  record Unknown(@Nullable String key, Instant at) {}

  /**
   * Keeps one that was found good.
   *
   * @param until the first end of the certificates that it was found good by
   */
  void add(Unknown chain, Instant until) {
    String key = chain.key();
    if (key != null) {
      synchronized (known) {
        known.put(key, new Period(chain.at(), until));
      }
    }
  }

  /** How many are kept. */
  int size() {
    synchronized (known) {
      return known.size();
    }
  }

  private static @Nullable String key(X509Certificate[] chain) {
    try {
      MessageDigest digest = MessageDigest.getInstance(DIGEST);
      for (X509Certificate each : chain) {
        digest.update(each.getEncoded()); // DER tells its length: no two chains are alike
      }
      return new String(digest.digest(), StandardCharsets.ISO_8859_1);
    } catch (CertificateEncodingException e) {
      return null;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(DIGEST, e); // every JDK has it
    }
  }
}
