package io.zoneproxy.core.config.yaml;

import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * YAML 1.2's core schema, with {@code <<} a key like any other: the library's merging takes time
 * that grows with the square of the text. {@link Fields} merges instead.
 */
final class PlainSchema extends CoreSchema {
  private final ScalarResolver resolver = new CoreScalarResolver(false);

  @Override
  public ScalarResolver getScalarResolver() {
    return resolver;
  }
}
