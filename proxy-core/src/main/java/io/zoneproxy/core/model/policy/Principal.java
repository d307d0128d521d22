package io.zoneproxy.core.model.policy;

import java.util.List;
import java.util.Optional;

/** Who a policy is about. */
public sealed interface Principal {
  /** Everybody. */
  record Any() implements Principal {}

  /**
   * A peer whose certificate was checked.
   *
   * @param name one of its URI SANs, else DNS SANs, else the subject; empty takes any certificate
   */
  record Authenticated(Optional<StringMatch> name) implements Principal {}

  /** A peer with this address, that of the socket. */
  record Source(Cidr range) implements Principal {}

  /** All of them. */
  record And(List<Principal> all) implements Principal {
    public And {
      all = List.copyOf(all);
    }
  }

  /** Any of them. */
  record Or(List<Principal> any) implements Principal {
    public Or {
      any = List.copyOf(any);
    }
  }

  /** The contrary. */
  record Not(Principal of) implements Principal {}
}
