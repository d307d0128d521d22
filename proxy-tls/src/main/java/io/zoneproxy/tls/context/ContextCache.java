package io.zoneproxy.tls.context;

import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;

/**
 * Contexts by what they are made of; equal material shares one, also over updates. Keeps none
 * alive: who installs handlers of a context holds it. Its owner's lock guards it.
 *
 * @param <M> what a context is made of
 */
final class ContextCache<M> {
  private final Map<M, WeakReference<SharedContext>> contexts = new HashMap<>();

  /** Makes a context. */
  interface Maker {
    SharedContext make() throws UnusableTlsException;
  }

  /** The one of this material, made when there is none. */
  SharedContext get(M material, Maker maker) throws UnusableTlsException {
    WeakReference<SharedContext> known = contexts.get(material);
    SharedContext context = known == null ? null : known.get();
    if (context == null) {
      forgetUnused();
      context = maker.make();
      contexts.put(material, new WeakReference<>(context));
    }
    return context;
  }

  private void forgetUnused() {
    contexts.values().removeIf(each -> each.refersTo(null));
  }

  /** How many were made that may still be in use. */
  int alive() {
    forgetUnused();
    return contexts.size();
  }

  /** Releases all; handshakes that begin later fail. */
  void close() {
    for (WeakReference<SharedContext> each : contexts.values()) {
      SharedContext context = each.get();
      if (context != null) {
        context.close();
      }
    }
    contexts.clear();
  }
}
