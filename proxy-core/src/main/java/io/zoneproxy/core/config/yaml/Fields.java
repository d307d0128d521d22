package io.zoneproxy.core.config.yaml;

import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.resource.Source;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Typed access to the fields of one mapping. Whatever does not fit is reported with its place, and
 * the answer is then the same as for an absent field, so that reading goes on and finds the rest. A
 * null counts as absent, as in Kuma.
 */
public final class Fields {
  /** Takes over the fields of another mapping, or of several: YAML 1.1's, which Kuma knows. */
  private static final String MERGE_KEY = "<<";

  /** More digits overflow a long; every range here is far smaller. */
  private static final int MAX_DIGITS = 18;

  private static final Pattern DECIMAL = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");

  private final Source source;
  private final String path;
  private final ProblemLog log;
  private final Map<String, Node> values = new LinkedHashMap<>();

  private Fields(MappingNode node, String path, ProblemLog log) {
    this.source = log.source(node);
    this.path = path;
    this.log = log;
    for (NodeTuple tuple : node.getValue()) {
      add(tuple.getKeyNode(), tuple.getValueNode());
    }
    Node merged = values.remove(MERGE_KEY);
    if (merged != null) {
      merge(merged);
    }
  }

  /** The fields of a mapping; empty, and reported, when the node is none. */
  public static Optional<Fields> of(Node node, String path, ProblemLog log) {
    if (node instanceof MappingNode mapping) {
      return Optional.of(new Fields(mapping, path, log));
    }
    log.error(log.source(node), path, Shown.value(node) + " (expected: a mapping)");
    return Optional.empty();
  }

  /** Where the mapping begins. */
  public Source source() {
    return source;
  }

  /** Whether the field is there, and not null. */
  public boolean has(String name) {
    Node node = values.get(name);
    return node != null && !node.getTag().equals(Tag.NULL);
  }

  /** Text, or "" when absent. */
  public String text(String name) {
    Node node = value(name);
    return node == null ? "" : textOf(node, at(name));
  }

  /** Whether the field is there and is text, not a number, a list or a mapping. */
  public boolean hasText(String name) {
    Node node = value(name);
    return node instanceof ScalarNode && isText(node);
  }

  /** Text that must be there and not empty. */
  public String requiredText(String name, String expected) {
    String text = text(name);
    Node node = value(name);
    if (node == null) {
      error(name, "missing (expected: " + expected + ")");
    } else if (text.isEmpty() && isText(node)) {
      error(name, "empty (expected: " + expected + ")");
    }
    return text;
  }

  /** One of some words, or "" when absent. */
  public String choice(String name, List<String> words) {
    String text = text(name);
    if (text.isEmpty() || words.contains(text)) {
      return text;
    }
    error(name, Shown.text(text) + " (expected: " + String.join(", ", words) + ")");
    return "";
  }

  /** True or false, or {@code whenAbsent} when absent or wrong. */
  public boolean flag(String name, boolean whenAbsent) {
    Node node = value(name);
    if (node == null) {
      return whenAbsent;
    }
    if (node instanceof ScalarNode scalar && node.getTag().equals(Tag.BOOL)) {
      return Boolean.parseBoolean(scalar.getValue());
    }
    error(name, Shown.value(node) + " (expected: true or false)");
    return whenAbsent;
  }

  /** A whole number, or {@code whenAbsent} when absent or wrong. */
  public int number(String name, int min, int max, int whenAbsent) {
    Node node = value(name);
    if (node == null) {
      return whenAbsent;
    }
    String expected = "expected: " + min + " to " + max;
    if (!(node instanceof ScalarNode scalar)) {
      error(name, Shown.value(node) + " (" + expected + ")");
    } else if (isText(node) && isDecimal(scalar.getValue())) {
      error(name, Shown.value(node) + " is text (" + expected + ", without quotes)");
    } else if (!node.getTag().equals(Tag.INT) || !isDecimal(scalar.getValue())) {
      error(name, Shown.value(node) + " (" + expected + ")");
    } else {
      long number = Long.parseLong(scalar.getValue());
      if (number >= min && number <= max) {
        return (int) number;
      }
      error(name, number + " (" + expected + ")");
    }
    return whenAbsent;
  }

  /** A port that must be there; 0 when it is missing or wrong, which is reported. */
  public int port(String name) {
    if (!has(name)) {
      error(name, "missing (expected: 1 to " + HostPort.MAX_PORT + ")");
    }
    return number(name, 1, HostPort.MAX_PORT, 0);
  }

  /** A port to listen on: as {@link #port}, but 0 is legal and leaves the choice to the kernel. */
  public int portOrAny(String name) {
    return isZero(name) ? 0 : port(name);
  }

  /** A port that may be left out or 0, which is the same; 0 then. */
  public int optionalPort(String name) {
    return isZero(name) ? 0 : number(name, 1, HostPort.MAX_PORT, 0);
  }

  private boolean isZero(String name) {
    return value(name) instanceof ScalarNode scalar && scalar.getValue().equals("0");
  }

  /** A port's number, or an inbound's name; "" when absent or 0. */
  public String portOrName(String name) {
    Node node = value(name);
    if (node != null && isText(node)) {
      return text(name);
    }
    int port = optionalPort(name);
    return port == 0 ? "" : Integer.toString(port);
  }

  /** The fields of a mapping within; empty when absent or wrong. */
  public Optional<Fields> mapping(String name) {
    Node node = value(name);
    return node == null ? Optional.empty() : of(node, at(name), log);
  }

  /** A mapping that must be there. */
  public Optional<Fields> requiredMapping(String name) {
    if (!has(name)) {
      error(name, "missing (expected: a mapping)");
    }
    return mapping(name);
  }

  /** A list of mappings; empty when absent. What is no mapping is reported and left out. */
  public List<Fields> mappings(String name) {
    Node node = value(name);
    if (node == null) {
      return List.of();
    }
    if (!(node instanceof SequenceNode list)) {
      error(name, Shown.value(node) + " (expected: a list)");
      return List.of();
    }
    List<Fields> mappings = new ArrayList<>();
    for (int i = 0; i < list.getValue().size(); i++) {
      of(list.getValue().get(i), at(name) + "[" + i + "]", log).ifPresent(mappings::add);
    }
    return mappings;
  }

  /** A list of texts or whole numbers, as written; empty when absent. */
  public List<String> items(String name) {
    Node node = value(name);
    if (node == null) {
      return List.of();
    }
    if (!(node instanceof SequenceNode list)) {
      error(name, Shown.value(node) + " (expected: a list)");
      return List.of();
    }
    List<String> items = new ArrayList<>();
    for (int i = 0; i < list.getValue().size(); i++) {
      Node item = list.getValue().get(i);
      boolean whole = item.getTag().equals(Tag.INT);
      items.add(
          item instanceof ScalarNode scalar && whole
              ? scalar.getValue()
              : textOf(item, at(name) + "[" + i + "]"));
    }
    return items;
  }

  /** Zero or above, as a number or in quotes; empty when absent or wrong. */
  public Optional<BigDecimal> decimal(String name, int max) {
    Node node = value(name);
    if (node == null) {
      return Optional.empty();
    }
    if (node instanceof ScalarNode scalar && DECIMAL.matcher(scalar.getValue()).matches()) {
      BigDecimal number = new BigDecimal(scalar.getValue());
      if (number.compareTo(BigDecimal.valueOf(max)) <= 0) {
        return Optional.of(number);
      }
    }
    error(name, Shown.value(node) + " (expected: 0 to " + max + ", decimals allowed)");
    return Optional.empty();
  }

  /** Text by text, labels or tags for example; empty when absent. */
  public Map<String, String> texts(String name) {
    Optional<Fields> mapping = mapping(name);
    if (mapping.isEmpty()) {
      return Map.of();
    }
    Map<String, String> texts = new LinkedHashMap<>();
    mapping
        .get()
        .values
        .forEach(
            (key, node) ->
                texts.put(key, textOf(node, at(name) + "[\"" + Shown.text(key) + "\"]")));
    return texts;
  }

  /** Whether the field is there as {@code {}}. */
  public boolean isEmptyMapping(String name) {
    return values.get(name) instanceof MappingNode mapping && mapping.getValue().isEmpty();
  }

  /** Warns of each field that is not among the known ones: it may be one of them misspelt. */
  public void known(Collection<String> names) {
    others(
        names,
        (name, source) ->
            log.warning(
                source,
                at(Shown.text(name)),
                "unknown field, ignored" + Nearest.hint(name, names)));
  }

  /**
   * Refuses the document for each field that is not among these: for what decides who may pass, or
   * what is encrypted and verified, where a misspelt field that is ignored opens a door.
   */
  public void only(Collection<String> names) {
    others(
        names,
        (name, source) ->
            log.error(
                source,
                at(Shown.text(name)),
                "unknown field (expected: one of %s)%s"
                    .formatted(
                        names.stream().sorted().collect(Collectors.joining(", ")),
                        Nearest.hint(name, names))));
  }

  private void others(Collection<String> names, BiConsumer<String, Source> tell) {
    values.forEach(
        (name, node) -> {
          if (!names.contains(name)) {
            tell.accept(name, log.source(node));
          }
        });
  }

  /** Refuses the document for a field, or for what is missing there. */
  public void error(String name, String message) {
    log.error(sourceOf(name), at(name), message);
  }

  /** Says something of a field that does not refuse the document. */
  public void warning(String name, String message) {
    log.warning(sourceOf(name), at(name), message);
  }

  /** The field's path from the document's top; the mapping's own for "". */
  public String at(String name) {
    return path.isEmpty() || name.isEmpty() ? path + name : path + "." + name;
  }

  private void add(Node key, Node value) {
    if (!(key instanceof ScalarNode scalar)) {
      log.error(log.source(key), path, Shown.value(key) + " as a key (expected: text)");
    } else if (values.putIfAbsent(scalar.getValue(), value) != null) {
      log.error(
          log.source(key), at(Shown.text(scalar.getValue())), "twice (expected: each field once)");
    }
  }

  /** What is written beside {@code <<} wins, then what comes first in its list. */
  private void merge(Node merged) {
    if (merged instanceof SequenceNode list) {
      list.getValue().forEach(this::merge);
      return;
    }
    Optional<Fields> fields = of(merged, at(MERGE_KEY), log);
    fields.ifPresent(other -> other.values.forEach(values::putIfAbsent));
  }

  private @Nullable Node value(String name) {
    return has(name) ? values.get(name) : null;
  }

  private Source sourceOf(String name) {
    Node node = values.get(name);
    return node == null ? source : log.source(node);
  }

  private String textOf(Node node, String field) {
    if (node instanceof ScalarNode scalar && isText(node)) {
      return scalar.getValue();
    }
    String hint = node instanceof ScalarNode ? ", in quotes" : "";
    log.error(log.source(node), field, Shown.value(node) + " (expected: text" + hint + ")");
    return "";
  }

  private static boolean isText(Node node) {
    return node.getTag().equals(Tag.STR);
  }

  private static boolean isDecimal(String text) {
    int start = text.startsWith("-") ? 1 : 0;
    boolean octal = text.length() > start + 1 && text.charAt(start) == '0';
    if (octal || text.length() == start || text.length() > MAX_DIGITS) {
      return false;
    }
    return text.chars().skip(start).allMatch(c -> c >= '0' && c <= '9');
  }
}
