package io.zoneproxy.core.model.policy;

import java.util.List;

/** What a policy is about: the thing that is asked for. */
public sealed interface Permission {
  /** Everything. */
  record Any() implements Permission {}

  /** The SNI. */
  record ServerName(StringMatch name) implements Permission {}

  /** The port of the listener. */
  record DestinationPort(int port) implements Permission {}

  /** A header of the request; never fits a connection without HTTP. */
  record Header(HeaderMatch header) implements Permission {}

  /** All of them. */
  record And(List<Permission> all) implements Permission {
    public And {
      all = List.copyOf(all);
    }
  }

  /** Any of them. */
  record Or(List<Permission> any) implements Permission {
    public Or {
      any = List.copyOf(any);
    }
  }

  /** The contrary. */
  record Not(Permission of) implements Permission {}
}
