/** Access logs as configuration. */
@NullMarked
package io.zoneproxy.core.model.log;

import org.jspecify.annotations.NullMarked;
