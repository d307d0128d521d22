package io.zoneproxy.cp.fields;

import com.google.protobuf.WireFormat;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What may stand in the bytes of one type of message. Made once, then read by any thread. */
final class Shape {
  private final @Nullable Step[] steps; // by number
  private final boolean open;

  /**
   * @param steps by number of the field; null for one that is not expected
   * @param open whether other fields may be there, too: values, and what makes no difference
   */
  Shape(@Nullable Step[] steps, boolean open) {
    this.steps = steps;
    this.open = open;
  }

  boolean open() {
    return open;
  }

  /** Null for a field that is not expected, or not in this form. */
  @Nullable Step step(int tag) {
    int number = WireFormat.getTagFieldNumber(tag);
    Step step = number < steps.length ? steps[number] : null;
    return step != null && step.takes(WireFormat.getTagWireType(tag)) ? step : null;
  }

  /** What a field holds. */
  enum Kind {
    /** Bytes or numbers. */
    VALUE,
    /** UTF-8. */
    TEXT,
    /** Another message. */
    MESSAGE,
    /** A message that says its type. */
    ANY
  }

  /** A field. */
  static final class Step {
    /** Numbers beyond do not fit into the set of those that have been met. */
    private static final int MOST_SINGULAR = 63;

    final Kind kind;
    private final int forms; // bits: 1 << wire type
    private final boolean repeated;
    private final @Nullable Supplier<Shape> made;
    private volatile @Nullable Shape inside;

    /**
     * @param forms bits, 1 &lt;&lt; wire type
     * @param made of the message in it, at the first use: messages may hold their own type
     */
    Step(Kind kind, int forms, boolean repeated, @Nullable Supplier<Shape> made) {
      this.kind = kind;
      this.forms = forms;
      this.repeated = repeated;
      this.made = made;
    }

    private boolean takes(int wireType) {
      return (forms & 1 << wireType) != 0;
    }

    /** Of a {@link Kind#MESSAGE}. */
    Shape inside() {
      Shape known = inside;
      if (known == null) {
        known = Objects.requireNonNull(made).get();
        inside = known;
      }
      return known;
    }

    /**
     * Whether a second one would be merged with the first, so that looking at each is not looking
     * at both.
     */
    boolean merges() {
      return !repeated && (kind == Kind.ANY || kind == Kind.MESSAGE);
    }

    /** The bit for a field that {@link #merges}; 0 when there is none for its number. */
    static long bit(int tag) {
      int number = WireFormat.getTagFieldNumber(tag);
      return number > MOST_SINGULAR ? 0 : 1L << number;
    }
  }
}
