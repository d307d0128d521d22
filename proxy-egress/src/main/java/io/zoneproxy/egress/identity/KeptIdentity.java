package io.zoneproxy.egress.identity;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One certificate of an authority, renewed when a fifth of its life is left. One that cannot be
 * renewed serves until its end. For one thread.
 */
final class KeptIdentity {
  /** kuma-cp renews at four fifths of a certificate's life. */
  private static final double RENEWED_AT = 0.8;

  /** Files of authorities are looked at so often: they lie outside of the watched folder. */
  private static final Duration LOOK = Duration.ofMinutes(1);

  private @Nullable Held held;

  /**
   * What was issued last, and for whom.
   *
   * @param basis what of the resources it came from; another one wants another certificate
   * @param certificates PEM of the authority
   */
  record Held(Object basis, String certificates, Issued identity) {
    /** Whether another one is due: of this one's age, or because the authority is another. */
    private boolean isOver(Object now, MeshAuthority authority) {
      return !basis.equals(now)
          || !certificates.equals(authority.certificates())
          || !Instant.now().isBefore(renewal());
    }

    private Instant renewal() {
      Duration life = Duration.between(identity.from(), identity.until());
      return identity.from().plusMillis((long) (life.toMillis() * RENEWED_AT));
    }
  }

  /** Signs. */
  @FunctionalInterface
  interface Order {
    /** A new certificate. */
    Issued issue(MeshAuthority authority) throws UnusableAuthorityException;
  }

  /** Has another one issued if that is due. */
  void refresh(Object basis, MeshAuthority authority, Order order)
      throws UnusableAuthorityException {
    Held last = held;
    if (last == null || last.isOver(basis, authority)) {
      held = new Held(basis, authority.certificates(), order.issue(authority));
    }
  }

  /** The authority cannot be used now: what there is serves on, if it is of the same one. */
  void keep(Object basis) {
    Held last = held;
    if (last != null
        && !(last.basis.equals(basis) && Instant.now().isBefore(last.identity.until()))) {
      held = null;
    }
  }

  Optional<Held> current() {
    return Optional.ofNullable(held);
  }

  /**
   * When to look again: soon after a failure, and where files may have changed.
   *
   * @param files whether the authority is in files
   */
  Instant next(boolean files) {
    Instant look = Instant.now().plus(LOOK);
    Held now = held;
    if (now == null) {
      return look;
    }
    return files && look.isBefore(now.renewal()) ? look : now.renewal();
  }
}
