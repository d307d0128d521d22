package io.zoneproxy.core.config.kuma;

import io.zoneproxy.core.config.yaml.Fields;
import io.zoneproxy.core.resource.DataSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Reads Kuma's data sources. Messages never show what is in them: it may be a key. */
final class DataSources {
  private static final String INLINE = "inline";
  private static final String INLINE_STRING = "inlineString";
  private static final String FILE = "file";
  private static final String SECRET = "secret";
  private static final List<String> FORMS = List.of(INLINE, INLINE_STRING, FILE, SECRET);

  private DataSources() {}

  /** One of the forms; empty when absent, or wrong, which is reported. */
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

  private static Optional<DataSource> read(Fields source) {
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
