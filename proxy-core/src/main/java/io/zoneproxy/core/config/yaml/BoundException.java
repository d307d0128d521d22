package io.zoneproxy.core.config.yaml;

import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** A document is YAML, but more of it than we take. The message is meant for the user. */
final class BoundException extends YamlEngineException {
  private static final long serialVersionUID = 1L;

  BoundException(String message) {
    super(message);
  }
}
