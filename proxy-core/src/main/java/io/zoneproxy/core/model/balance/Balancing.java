package io.zoneproxy.core.model.balance;

/** How an endpoint is chosen among those of one priority. */
public sealed interface Balancing {
  /** In turns, by weight. */
  Balancing ROUND_ROBIN = new RoundRobin();

  /** In turns, by weight. */
  record RoundRobin() implements Balancing {}

  /**
   * The one of a few chosen by chance that has the fewest open connections or requests.
   *
   * @param choices how many are compared, at least 2
   * @param activeBias exponent: with unequal weights, weight / (active + 1)^bias is what counts; 0
   *     leaves weights alone, as round robin
   */
  record LeastRequest(int choices, double activeBias) implements Balancing {}

  /** By chance. */
  record Random() implements Balancing {}

  /**
   * By a hash, on a ring (Ketama).
   *
   * @param hash function of the ring's points and of keys
   * @param minSize least points of the ring
   * @param maxSize most points of the ring
   */
  record RingHash(Hash hash, long minSize, long maxSize) implements Balancing {}

  /**
   * By a hash, with Maglev's table.
   *
   * @param tableSize a prime number up to 5,000,011
   */
  record Maglev(long tableSize) implements Balancing {}

  /** Hash functions of a ring. */
  enum Hash {
    XX_HASH,
    MURMUR_HASH_2
  }
}
