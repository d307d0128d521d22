package io.zoneproxy.core.config.kuma;

import io.zoneproxy.core.config.yaml.Fields;
import io.zoneproxy.core.resource.Meta;
import io.zoneproxy.core.resource.Resource;
import java.util.Optional;

/** Reads the spec of one kind. */
@FunctionalInterface
interface KindReader {
  /**
   * Reads a spec, and reports all that is wrong with it.
   *
   * @param meta what was read already
   * @param spec where the kind's own fields stand
   * @param use what the resource is for
   * @return empty when it is left out; whether that is an error the log knows
   */
  Optional<? extends Resource> read(Meta meta, Fields spec, ResourceReader.Use use);
}
