package io.zoneproxy.core.model.policy;

import java.util.List;

/** A condition of a {@link MatchTree}. */
public sealed interface Predicate {
  /** What is looked at. */
  enum Input {
    /** The SNI of the downstream, "" when there is none (Envoy: {@code ServerNameInput}). */
    SERVER_NAME,
    /** The URI SANs of the downstream's certificate, joined by commas ({@code UriSanInput}). */
    URI_SAN
  }

  /** One input against one value. */
  record Single(Input input, StringMatch value) implements Predicate {}

  /** Who asks. */
  record Caller(Principal who) implements Predicate {}

  /** All of them. */
  record And(List<Predicate> all) implements Predicate {
    public And {
      all = List.copyOf(all);
    }
  }

  /** Any of them. */
  record Or(List<Predicate> any) implements Predicate {
    public Or {
      any = List.copyOf(any);
    }
  }

  /** The contrary. */
  record Not(Predicate of) implements Predicate {}
}
