package io.zoneproxy.core.config.kuma;

import io.zoneproxy.core.config.kuma.ReadFile.Document;
import io.zoneproxy.core.config.yaml.Fields;
import io.zoneproxy.core.config.yaml.Nearest;
import io.zoneproxy.core.config.yaml.ProblemLog;
import io.zoneproxy.core.config.yaml.Shown;
import io.zoneproxy.core.config.yaml.YamlDocument;
import io.zoneproxy.core.config.yaml.YamlDocuments;
import io.zoneproxy.core.resource.Meta;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resource;
import io.zoneproxy.core.resource.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads Kuma resources in Universal form: YAML or JSON, many documents a text, the spec at the top
 * of the document or under {@code spec:}. Reports all problems at once and throws for none of them.
 *
 * <p>Pure: the same text gives the same answer; safe for use by several threads. Memory is bounded
 * by the text's length, depth and aliases by {@link YamlDocuments}.
 */
public final class ResourceReader {
  /** What resources are read for. */
  public enum Use {
    /** The proxy's own resource: what it is and where it listens. */
    OWN,
    /** What the proxy knows of the zones: services and where they are. */
    FOLDER
  }

  private final Use use;

  /** A reader of resources for one use. */
  public ResourceReader(Use use) {
    this.use = use;
  }

  /**
   * Reads a text.
   *
   * @param file how problems call it
   * @param text its content
   */
  public ReadFile read(String file, String text) {
    List<Document> documents = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    YamlDocuments yaml = new YamlDocuments(file, text, problems);
    for (Optional<YamlDocument> next = yaml.next(); next.isPresent(); next = yaml.next()) {
      YamlDocument document = next.get();
      ProblemLog log = new ProblemLog(file, document.number(), problems);
      documents.add(document(document, log));
    }
    refuseDuplicates(documents, problems);
    return new ReadFile(documents, problems);
  }

  private Document document(YamlDocument document, ProblemLog log) {
    Source source = log.source(document.root());
    Optional<Fields> top = Fields.of(document.root(), "", log);
    String type = top.map(ResourceReader::type).orElse("");
    if (top.isEmpty() || type.isEmpty()) {
      return new Document.Refused(source);
    }
    Optional<Kind> kind = Kind.of(type);
    if (kind.isPresent()) {
      return resource(kind.get(), top.get(), log);
    }
    if (Kind.isIgnored(type)) {
      return new Document.Ignored(source, type);
    }
    String hint = Nearest.hint(type, Kind.allTypes());
    top.get().error("type", Shown.text(type) + " (expected: a kind of Kuma" + hint + ")");
    return new Document.Refused(source);
  }

  /** The kind as written; "" when there is none, which is reported. */
  private static String type(Fields top) {
    if (!top.has("type") && (top.has("apiVersion") || top.has("kind"))) {
      top.error(
          top.has("kind") ? "kind" : "apiVersion",
          "this is the Kubernetes form (expected: the Universal form, with type, name and mesh at"
              + " the top instead of apiVersion, kind and metadata)");
      return "";
    }
    return top.requiredText("type", "a kind of Kuma, for example ZoneIngress");
  }

  private Document resource(Kind kind, Fields top, ProblemLog log) {
    Meta meta = MetaReader.read(kind, top);
    List<String> known = new ArrayList<>(MetaReader.FIELDS);
    Optional<Fields> nested = top.mapping("spec");
    if (kind.isRead() && nested.isPresent()) {
      look(kind, nested.get(), kind.fields());
    } else {
      known.addAll(kind.fields());
    }
    if (kind.isRead()) {
      look(kind, top, known);
    }
    Optional<? extends Resource> resource = kind.reader().read(meta, nested.orElse(top), use);
    if (log.failed()) {
      return new Document.Refused(meta.source());
    }
    return resource.isPresent()
        ? new Document.Accepted(resource.get())
        : new Document.Ignored(meta.source(), kind.type());
  }

  private static void look(Kind kind, Fields fields, List<String> known) {
    if (kind.isStrict()) {
      fields.only(known);
    } else {
      fields.known(known);
    }
  }

  private static void refuseDuplicates(List<Document> documents, List<Problem> problems) {
    Map<String, Source> places = new HashMap<>();
    for (int i = 0; i < documents.size(); i++) {
      if (documents.get(i) instanceof Document.Accepted accepted) {
        Meta meta = accepted.resource().meta();
        Source first = places.putIfAbsent(meta.id(), meta.source());
        if (first != null) {
          problems.add(twice(meta, first));
          documents.set(i, new Document.Refused(meta.source()));
        }
      }
    }
  }

  /** The problem of a resource that stands in two places. */
  public static Problem twice(Meta meta, Source other) {
    return Problem.error(
        meta.source(), "name", meta.id() + " is also in " + other + " (expected: each once)");
  }
}
