/**
 * YAML and JSON texts, within bounds: documents, typed fields, and problems with their places.
 * Knows nothing of Kuma.
 */
@NullMarked
package io.zoneproxy.core.config.yaml;

import org.jspecify.annotations.NullMarked;
