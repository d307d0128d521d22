package io.zoneproxy.core.config.yaml;

import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Source;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeType;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Text to the nodes of its documents, one at a time, so that a large file costs the memory of its
 * largest document. Numbers, booleans and nulls follow YAML 1.2's core schema: {@code yes} is text.
 */
public final class YamlDocuments {
  /**
   * 64 Mi characters: half a million MeshServices of one line each. What is longer is no resource
   * file, and its resources would not fit the small heap that the proxy runs with.
   */
  public static final int MAX_CHARS = 64 << 20;

  /**
   * Aliases of mappings and lists in a file. A hand-written file shares a handful of tags; a bomb
   * needs dozens to grow past what it weighs itself.
   */
  static final int MAX_ALIASES = 20;

  private final String file;
  private final String text;
  private final List<Problem> problems;
  private final BoundedParser parser;
  private final Composer composer;
  private int number;
  private boolean ended;

  /**
   * @param file as {@link Source#file()}
   * @param text at most {@link #MAX_CHARS} characters
   * @param problems where the problem that ends the reading is added
   */
  public YamlDocuments(String file, String text, List<Problem> problems) {
    this.file = file;
    this.text = text;
    this.problems = problems;
    LoadSettings settings =
        LoadSettings.builder()
            .setSchema(new PlainSchema())
            .setMaxAliasesForCollections(MAX_ALIASES)
            .setCodePointLimit(MAX_CHARS)
            .build();
    StreamReader reader = new StreamReader(settings, JsonTabs.toSpaces(text));
    this.parser = new BoundedParser(new ParserImpl(settings, reader));
    this.composer = new Composer(settings, parser);
  }

  /**
   * The next document that is not empty.
   *
   * @return empty at the end, and at the first place that is not YAML: what follows it cannot be
   *     told from what belongs to it, so the rest of the file is refused with one problem
   */
  public Optional<YamlDocument> next() {
    while (!ended) {
      Optional<Node> node = compose();
      if (node.isPresent() && !isEmpty(node.get())) {
        return Optional.of(new YamlDocument(number, node.get()));
      }
    }
    return Optional.empty();
  }

  /** The line where a node begins, from 1. */
  static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }

  private Optional<Node> compose() {
    number++;
    try {
      if (composer.hasNext()) {
        return Optional.of(composer.next());
      }
      ended = true;
    } catch (ReaderException e) {
      fail(
          lineOf(e),
          "is not text: U+%04X (expected: no such character)".formatted(e.getCodePoint()));
    } catch (YamlEngineException e) {
      fail(lineOf(e), messageOf(e));
    } catch (IllegalArgumentException | IndexOutOfBoundsException | ClassCastException e) {
      // The parser lets its own defects out on hostile text, for example a NumberFormatException
      // at "\UFFFFFFFF". They concern this file and no other.
      fail(parser.line(), "is not YAML: " + Shown.text(String.valueOf(e)));
    }
    return Optional.empty();
  }

  private void fail(int line, String message) {
    ended = true;
    problems.add(Problem.error(new Source(file, number, line), "", message));
  }

  /** The library tells the character, not its line. */
  private int lineOf(ReaderException e) {
    int at = Math.max(0, text.indexOf(e.getCodePoint()));
    return (int) text.substring(0, at).chars().filter(c -> c == '\n').count() + 1;
  }

  private int lineOf(YamlEngineException e) {
    if (e instanceof MarkedYamlEngineException marked) {
      Optional<Mark> mark = marked.getProblemMark().or(marked::getContextMark);
      return mark.map(Mark::getLine).orElse(0) + 1;
    }
    return parser.line();
  }

  private static String messageOf(YamlEngineException e) {
    if (e instanceof BoundException) {
      return String.valueOf(e.getMessage());
    }
    String problem = String.valueOf(e.getMessage());
    if (e instanceof MarkedYamlEngineException marked) {
      problem = marked.getProblem() + (marked.getContext() == null ? "" : whereIn(marked));
    }
    return "is not YAML: " + Shown.text(problem.strip());
  }

  private static String whereIn(MarkedYamlEngineException e) {
    return e.getContext().isBlank() ? "" : ", " + e.getContext().strip();
  }

  private static boolean isEmpty(Node node) {
    return node.getNodeType() == NodeType.SCALAR && node.getTag().equals(Tag.NULL);
  }
}
