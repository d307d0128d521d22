package io.zoneproxy.core.config;

import io.zoneproxy.core.resource.Resource;
import java.util.List;
import java.util.Optional;

/**
 * What we know of a resource file.
 *
 * @param content identifies what was read last: a digest, or why it could not be read
 * @param latest what was read last; empty when that had an error
 * @param inForce what counts; no copy is made, so that "the same version" is the same list
 * @param fresh whether the content changed at the last load
 */
record FileVersion(
    String content, Optional<List<Resource>> latest, List<Resource> inForce, boolean fresh) {
  /** Before its first load. */
  static final FileVersion UNKNOWN = new FileVersion("", Optional.empty(), List.of(), false);

  FileVersion withContent(String newContent, Optional<List<Resource>> newLatest) {
    return new FileVersion(newContent, newLatest, inForce, true);
  }

  FileVersion unchanged() {
    return new FileVersion(content, latest, inForce, false);
  }

  FileVersion withInForce(List<Resource> chosen) {
    return new FileVersion(content, latest, chosen, fresh);
  }
}
