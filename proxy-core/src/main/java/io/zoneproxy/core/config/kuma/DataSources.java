package io.zoneproxy.core.config.kuma;

import io.zoneproxy.core.config.yaml.Fields;
import io.zoneproxy.core.resource.DataSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Reads Kuma's data sources, of the older form and of the one that names its type (3.0). Messages
 * never show what is in them: it may be a key.
 */
final class DataSources {
  private static final String INLINE = "inline";
  private static final String INLINE_STRING = "inlineString";
  private static final String FILE = "file";
  private static final String SECRET = "secret";
  private static final List<String> FORMS = List.of(INLINE, INLINE_STRING, FILE, SECRET);

  // of the form that names its type
  private static final String TYPE = "type";
  private static final String TYPE_FILE = "File";
  private static final String TYPE_SECRET = "Secret";
  private static final String TYPE_VARIABLE = "EnvVar";
  private static final String TYPE_INLINE = "InsecureInline";

  private DataSources() {}

  /** In either form; empty when absent, or wrong, which is reported. */
  static Optional<DataSource> read(Fields fields, String name) {
    return fields.mapping(name).flatMap(DataSources::read);
  }

  /** One that must be there. */
  static Optional<DataSource> required(Fields fields, String name) {
    return fields.requiredMapping(name).flatMap(DataSources::read);
  }

  /** A certificate and a key: both, or none. */
  static Optional<DataSource.Pair> pair(Fields fields, String certificate, String key) {
    if (fields.has(certificate) != fields.has(key)) {
      String missing = fields.has(certificate) ? key : certificate;
      fields.error(missing, "missing (expected: both " + certificate + " and " + key + ")");
      return Optional.empty();
    }
    Optional<DataSource> chain = read(fields, certificate);
    return read(fields, key).flatMap(own -> chain.map(found -> new DataSource.Pair(found, own)));
  }

  /**
   * One in the form that names its type, and must be there; empty when it is absent or wrong, which
   * is reported, and when only a control plane can read it, which is warned of.
   */
  static Optional<DataSource> typed(Fields fields, String name) {
    return fields.requiredMapping(name).flatMap(given -> ofType(given, given::warning));
  }

  /**
   * One that names its type.
   *
   * @param tellVariable told the field and what is wrong when only a control plane can read it
   */
  private static Optional<DataSource> ofType(
      Fields given, BiConsumer<String, String> tellVariable) {
    given.known(List.of(TYPE, FILE, "envVar", "insecureInline", "secretRef"));
    String type = given.choice(TYPE, List.of(TYPE_FILE, TYPE_SECRET, TYPE_VARIABLE, TYPE_INLINE));
    return switch (type) {
      case TYPE_FILE -> text(given, FILE, "path").map(DataSource.File::new);
      case TYPE_SECRET -> text(given, "secretRef", "name").map(DataSource.Named::new);
      case TYPE_INLINE -> text(given, "insecureInline", "value").map(DataSource.Inline::new);
      case TYPE_VARIABLE -> {
        tellVariable.accept(
            TYPE, "EnvVar is a variable of a control plane (expected: File, or Secret)");
        yield Optional.empty();
      }
      default -> {
        if (!given.has(TYPE)) {
          given.error(TYPE, "missing (expected: File, Secret or InsecureInline)");
        }
        yield Optional.empty();
      }
    };
  }

  private static Optional<String> text(Fields source, String section, String field) {
    return source
        .requiredMapping(section)
        .map(fields -> fields.requiredText(field, "text"))
        .filter(value -> !value.isEmpty());
  }

  private static Optional<DataSource> read(Fields source) {
    return source.has(TYPE) ? ofType(source, source::error) : older(source);
  }

  private static Optional<DataSource> older(Fields source) {
    source.known(FORMS);
    List<String> given = new ArrayList<>(FORMS);
    given.removeIf(form -> !source.has(form));
    if (given.size() != 1) {
      String found = given.isEmpty() ? "none" : String.join(" and ", given);
      source.error("", found + " (expected: one of " + String.join(", ", FORMS) + ")");
      return Optional.empty();
    }
    String form = given.get(0);
    String value = source.requiredText(form, "text");
    if (value.isEmpty()) {
      return Optional.empty();
    }
    return switch (form) {
      case INLINE -> decoded(source, INLINE, value).map(DataSource.Inline::new);
      case INLINE_STRING -> Optional.of(new DataSource.Inline(value));
      case FILE -> Optional.of(new DataSource.File(value));
      default -> Optional.of(new DataSource.Named(value));
    };
  }

  /** Text that is written in Base64; empty when it is not, which is reported. */
  static Optional<String> decoded(Fields fields, String name, String value) {
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(value);
      return Optional.of(new String(bytes, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      fields.error(name, "is not Base64 (expected: Base64; inlineString takes plain text)");
      return Optional.empty();
    }
  }
}
