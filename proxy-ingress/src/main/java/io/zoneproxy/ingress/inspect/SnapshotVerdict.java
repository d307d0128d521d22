package io.zoneproxy.ingress.inspect;

import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.text.Lines;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What {@code validate --snapshot} says of a control plane's resources.
 *
 * @param snapshot what can be served of them
 * @param honoured full names of fields that are acted upon
 * @param harmless full names of fields that make no difference, each with the reason
 * @param waiting full names of fields that wait for an engine, each with its name
 * @param refused lines: resource and path, colon, value and what was expected
 */
record SnapshotVerdict(
    ProxySnapshot snapshot,
    Set<String> honoured,
    Map<String, String> harmless,
    Map<String, String> waiting,
    Collection<String> refused) {
  private static final String PATH_END = ": ";

  boolean refusesAny() {
    return !refused.isEmpty() || SnapshotList.refusesAny(snapshot);
  }

  /** For people. */
  String text() {
    Lines text = new Lines();
    refused.forEach(line -> text.add("refused  " + line));
    SnapshotList.text(snapshot, text);
    text.add(
        "fields: %d honoured, %d harmless, %d waiting, %d refused"
            .formatted(honoured.size(), harmless.size(), waiting.size(), refused.size()));
    lines("harmless", harmless, text);
    lines("waiting", waiting, text);
    return text.toString();
  }

  private static void lines(String word, Map<String, String> fields, Lines text) {
    fields.forEach((field, reason) -> text.add("  %s %s: %s".formatted(word, field, reason)));
  }

  /** For programs. */
  Map<String, Object> tree() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("honoured", honoured.size());
    fields.put("harmless", fields(harmless));
    fields.put("waiting", fields(waiting));
    List<Object> lines = new ArrayList<>();
    for (String line : refused) {
      int end = line.indexOf(PATH_END);
      lines.add(
          end < 0
              ? field(line, "")
              : field(line.substring(0, end), line.substring(end + PATH_END.length())));
    }
    fields.put("refused", lines);
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("valid", !refusesAny());
    tree.put("listeners", SnapshotList.listeners(snapshot));
    tree.put("clusters", SnapshotList.clusters(snapshot));
    tree.put("fields", fields);
    return tree;
  }

  private static List<Object> fields(Map<String, String> fields) {
    List<Object> list = new ArrayList<>();
    fields.forEach((field, reason) -> list.add(field(field, reason)));
    return list;
  }

  private static Map<String, Object> field(String name, String reason) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("field", name);
    one.put("reason", reason);
    return one;
  }
}
