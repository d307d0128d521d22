/**
 * The form of access-log records that a control plane chooses: text or JSON, and which are logged.
 */
@NullMarked
package io.zoneproxy.core.observe.access.format;

import org.jspecify.annotations.NullMarked;
