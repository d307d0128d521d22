package io.zoneproxy.core.observe;

import java.util.concurrent.atomic.LongAdder;

/** Decisions on who may pass, under the names that Envoy gives them. Any thread may add. */
public final class RbacStats {
  /** Let pass ({@code rbac.allowed}). */
  public final LongAdder allowed = new LongAdder();

  /** Refused ({@code rbac.denied}). */
  public final LongAdder denied = new LongAdder();

  /** Would have been let pass by the shadow rules ({@code rbac.shadow_allowed}). */
  public final LongAdder shadowAllowed = new LongAdder();

  /** Would have been refused by the shadow rules ({@code rbac.shadow_denied}). */
  public final LongAdder shadowDenied = new LongAdder();
}
