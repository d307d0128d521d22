/** The client of a zone's control plane; no program uses it yet. */
@NullMarked
package io.zoneproxy.cp;

import org.jspecify.annotations.NullMarked;
