package io.zoneproxy.cp.translate.value;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects what is wrong with one resource: all of it, so that one NACK tells the operator
 * everything. A view of it knows at which field the translation stands; the text of the path is
 * made only when something is wrong there. For one thread.
 */
public final class Problems {
  private static final int NO_INDEX = -1;
  private static final int MOST = 50; // of one resource: a listener may have 100,000 chains
  private static final int MOST_SHOWN = 120; // characters of a value

  private final @Nullable Problems parent;
  private final String field;
  private final int index;
  private final Found found;

  private Problems(@Nullable Problems parent, String field, int index, Found found) {
    this.parent = parent;
    this.field = field;
    this.index = index;
    this.found = found;
  }

  /** What was found, shared by all views. */
  private static final class Found {
    final List<String> wrong = new ArrayList<>();
    final List<String> notes = new ArrayList<>();
    int unsaid;
  }

  /** None yet, of the resource of this type and name. */
  public static Problems of(String type, String name) {
    return new Problems(null, type + "/" + name, NO_INDEX, new Found());
  }

  /** The same at a field of where this stands. */
  public Problems at(String name) {
    return new Problems(this, name, NO_INDEX, found);
  }

  /** The same at an element of a field. */
  public Problems at(String name, int element) {
    return new Problems(this, name, element, found);
  }

  /** The same at an entry of a map. */
  public Problems in(String map, String key) {
    return at(map + "[" + key + "]");
  }

  /** Something is wrong here: the resource cannot be taken. */
  public void add(Object value, String expected) {
    if (found.wrong.size() < MOST) {
      found.wrong.add("%s: %s (expected: %s)".formatted(path(), shown(value), expected));
    } else {
      found.unsaid++;
    }
  }

  /** A field of where this stands may not be set. */
  public void refuse(String name, boolean set) {
    if (set) {
      at(name).add("set", "not set: it is not supported");
    }
  }

  /** Something is wrong: a whole text, with its path. One that was said already is left out. */
  public void addText(String text) {
    if (found.wrong.size() >= MOST) {
      found.unsaid++;
    } else if (!found.wrong.contains(text)) {
      found.wrong.add(text);
    }
  }

  /** Something is odd here, but the resource is taken. */
  public void note(String text) {
    if (found.notes.size() < MOST) {
      found.notes.add(path() + ": " + text);
    }
  }

  private static String shown(Object value) {
    String text = String.valueOf(value).strip().replaceAll("\\s+", " ");
    return text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "…" : text;
  }

  private String path() {
    StringBuilder path = new StringBuilder();
    write(path);
    return path.toString();
  }

  private void write(StringBuilder path) {
    if (parent != null) {
      parent.write(path);
      path.append('.');
    }
    path.append(field);
    if (index != NO_INDEX) {
      path.append('[').append(index).append(']');
    }
  }

  /** Whether there is any. */
  public boolean any() {
    return !found.wrong.isEmpty();
  }

  /** All there are, each with resource, field, value and what was expected. */
  public List<String> all() {
    List<String> all = new ArrayList<>(found.wrong);
    if (found.unsaid > 0) {
      all.add("and %d problems more".formatted(found.unsaid));
    }
    return all;
  }

  /** What is odd, but no reason to refuse the resource. */
  public List<String> notes() {
    return List.copyOf(found.notes);
  }
}
