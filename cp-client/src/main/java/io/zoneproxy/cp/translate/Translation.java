package io.zoneproxy.cp.translate;

import java.util.List;

/**
 * What came of a resource: it is taken whole or refused whole.
 *
 * @param <T> what it is in the model
 */
public sealed interface Translation<T> {
  /**
   * It can be served.
   *
   * @param notes what is odd about it all the same; none as a rule
   */
  record Accepted<T>(T value, List<String> notes) implements Translation<T> {
    public Accepted {
      notes = List.copyOf(notes);
    }
  }

  /**
   * It cannot.
   *
   * @param problems all of them, each with the path of its field
   */
  record Refused<T>(List<String> problems) implements Translation<T> {
    public Refused {
      problems = List.copyOf(problems);
    }
  }
}
