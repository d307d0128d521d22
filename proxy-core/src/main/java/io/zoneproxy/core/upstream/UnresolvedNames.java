package io.zoneproxy.core.upstream;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Tells operators of names without an address: once when that begins, once when it is over, however
 * often the name is asked for and dialed meanwhile. Any thread.
 */
final class UnresolvedNames {
  /** Told of at a time. Where more than these fail it is the name server, and no longer news. */
  static final int MOST_TOLD = 100;

  private final Consumer<String> warning;
  private final Consumer<String> notice;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  /**
   * @param warning takes what begins
   * @param notice takes what is over
   */
  UnresolvedNames(Consumer<String> warning, Consumer<String> notice) {
    this.warning = warning;
    this.notice = notice;
  }

  /** It has no address, and had none before. */
  void onFailed(String name, String why) {
    if (told.size() < MOST_TOLD && told.add(name)) {
      warning.accept(
          "%s: the name has no address, and is asked for every few seconds until it has (expected: a name that this host can resolve): %s"
              .formatted(name, why));
    }
  }

  /** It has an address. */
  void onResolved(String name) {
    if (told.remove(name)) {
      notice.accept(name + ": the name has an address now");
    }
  }

  /** Forgets the names that are not among these. */
  void retain(Set<String> names) {
    told.retainAll(names);
  }
}
