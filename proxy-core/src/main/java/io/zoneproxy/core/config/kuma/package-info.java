/** Kuma's resources: one text to records, each kind with its checks. Reads no file. */
@NullMarked
package io.zoneproxy.core.config.kuma;

import org.jspecify.annotations.NullMarked;
