package io.zoneproxy.core.config;

import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.parser.Parser;

/**
 * A composer that refuses deep nesting, which the library follows by recursion until the stack
 * ends, and nodes that hold themselves.
 */
final class BoundedComposer extends Composer {
  /** Kuma's deepest kinds reach 12; a stack of the usual 512 KiB holds some thousand levels. */
  static final int MAX_DEPTH = 50;

  private int depth;
  private int line;

  BoundedComposer(LoadSettings settings, Parser parser) {
    super(settings, parser);
  }

  /** The line of the last mapping or list begun, from 1; 0 before the first. */
  int line() {
    return line;
  }

  @Override
  protected SequenceNode composeSequenceNode(Optional<Anchor> anchor) {
    enter();
    SequenceNode node = super.composeSequenceNode(anchor);
    leave(node);
    return node;
  }

  @Override
  protected Node composeMappingNode(Optional<Anchor> anchor) {
    enter();
    Node node = super.composeMappingNode(anchor);
    leave(node);
    return node;
  }

  private void enter() {
    Event begin = parser.peekEvent();
    line = begin.getStartMark().map(mark -> mark.getLine() + 1).orElse(line);
    depth++;
    if (depth > MAX_DEPTH) {
      throw new BoundException("nested too deep (expected: at most " + MAX_DEPTH + " levels)");
    }
  }

  private void leave(Node node) {
    depth--;
    if (node.isRecursive()) {
      throw new BoundException("an anchor that holds an alias of itself (expected: none)");
    }
  }
}
