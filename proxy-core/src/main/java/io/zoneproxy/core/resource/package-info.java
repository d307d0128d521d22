/** Kuma's resources as far as a zone proxy reads them, with the place where each was written. */
@NullMarked
package io.zoneproxy.core.resource;

import org.jspecify.annotations.NullMarked;
