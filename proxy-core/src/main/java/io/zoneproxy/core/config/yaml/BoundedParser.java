package io.zoneproxy.core.config.yaml;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.parser.Parser;

/**
 * Passes a parser's events on, and refuses those on which the library's composer would not end:
 * deep nesting, which it follows by recursion until the stack is used up; and an alias within the
 * node that it names, which it merges for ever.
 */
final class BoundedParser implements Parser {
  /** Kuma's deepest kinds reach 12; a stack of the usual 512 KiB holds some thousand levels. */
  static final int MAX_DEPTH = 50;

  /** The tag of a merge key, if it is written out; {@link Fields} does the merging. */
  private static final String MERGE = "tag:yaml.org,2002:merge";

  private final Parser parser;
  private final Deque<Optional<Anchor>> open = new ArrayDeque<>();
  private int line = 1;

  BoundedParser(Parser parser) {
    this.parser = parser;
  }

  /** Where the last event began, from 1. */
  int line() {
    return line;
  }

  @Override
  public boolean checkEvent(Event.ID choice) {
    return parser.checkEvent(choice);
  }

  @Override
  public Event peekEvent() {
    return parser.peekEvent();
  }

  @Override
  public boolean hasNext() {
    return parser.hasNext();
  }

  @Override
  public Event next() {
    Event event = parser.next();
    line = event.getStartMark().map(mark -> mark.getLine() + 1).orElse(line);
    if (event instanceof CollectionStartEvent start) {
      enter(start);
    } else if (event instanceof CollectionEndEvent) {
      open.pop();
    } else if (event instanceof AliasEvent alias && open.contains(alias.getAnchor())) {
      throw new BoundException("an alias within what it names (expected: after its end)");
    } else if (event instanceof ScalarEvent scalar && scalar.getTag().equals(Optional.of(MERGE))) {
      throw new BoundException("the tag !!merge (expected: << without a tag)");
    }
    return event;
  }

  private void enter(CollectionStartEvent start) {
    open.push(start.getAnchor());
    if (open.size() > MAX_DEPTH) {
      throw new BoundException("nested too deep (expected: at most " + MAX_DEPTH + " levels)");
    }
  }
}
