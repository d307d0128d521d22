package io.zoneproxy.cp.fields;

/** What becomes of a field that is set. */
public enum FieldClass {
  /** It is acted upon. */
  HONOURED,
  /** It is known, and what it asks for makes no difference to a connection; the table says why. */
  HARMLESS,
  /** It is known and kept, but what would act upon it is not there yet. */
  WAITING,
  /**
   * It would change what happens to a connection, and is not supported: its resource is refused.
   */
  REFUSED
}
