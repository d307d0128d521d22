/**
 * Settings with units, and the reading of resource files: YAML or JSON to records, all errors at
 * once.
 */
@NullMarked
package io.zoneproxy.core.config;

import org.jspecify.annotations.NullMarked;
