package io.zoneproxy.core.observe.access.operator;

/**
 * A command operator.
 *
 * @param parameters whether it takes any
 * @param oneWord its text is a word that a peer chose: blanks in it are escaped
 * @param factory of its value
 */
public record Operator(Parameters parameters, boolean oneWord, Factory factory) {
  /** What may stand between parentheses. */
  public enum Parameters {
    /** Nothing, and no parentheses. */
    NONE,
    /** Something, or no parentheses. */
    OPTIONAL,
    /** Something. */
    REQUIRED
  }

  /** Compiles an operator with its parameters. */
  public interface Factory {
    /**
     * The value.
     *
     * @param parameters "" when there are none
     * @throws IllegalArgumentException when they are not understood; the message says what is
     *     expected
     */
    Field create(String parameters);
  }

  static Operator plain(Field field) {
    return new Operator(Parameters.NONE, false, none -> field);
  }

  static Operator optional(Factory factory) {
    return new Operator(Parameters.OPTIONAL, false, factory);
  }

  static Operator required(Factory factory) {
    return new Operator(Parameters.REQUIRED, false, factory);
  }
}
