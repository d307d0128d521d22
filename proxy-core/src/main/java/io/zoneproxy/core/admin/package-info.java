/** The admin and readiness ports: they read, never own. */
@NullMarked
package io.zoneproxy.core.admin;

import org.jspecify.annotations.NullMarked;
